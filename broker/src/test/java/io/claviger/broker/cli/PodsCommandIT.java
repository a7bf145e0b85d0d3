package io.claviger.broker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.claviger.broker.cli.CommandFixture.Ran;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code pods --not-injected} with a fake kubectl and a fake API. */
final class PodsCommandIT {

  private final CommandFixture cli = new CommandFixture();
  private final List<String> pods = new ArrayList<>();
  private final List<List<String>> asked = new ArrayList<>();

  @BeforeEach
  void associate() {
    cli.eks.add("shop", "checkout", CommandFixture.role("checkout"));
    cli.eks.add("kafka", "checkout", CommandFixture.role("checkout"));
  }

  @AfterEach
  void close() {
    cli.close();
  }

  private Ran run(String... options) {
    Kubectl kubectl =
        arguments -> {
          asked.add(arguments);
          return new ObjectMapper().readTree("{\"items\": [" + String.join(",", pods) + "]}");
        };
    return cli.run(new CommandLine(new PodsCommand(kubectl)), options);
  }

  private static String pod(String namespace, String name, String account, String more) {
    return """
        {"metadata": {"namespace": "%s", "name": "%s"%s},
         "spec": {"serviceAccountName": "%s", "containers": [{"name": "one"}]}}
        """
        .formatted(namespace, name, more, account);
  }

  private static String owned(String kind, String owner, String labels) {
    return ", \"labels\": {%s}, \"ownerReferences\": [{\"kind\": \"%s\", \"name\": \"%s\", \"controller\": true}]"
        .formatted(labels, kind, owner);
  }

  @Test
  void areShownWithWhatMakesThemAnew() {
    pods.add(
        pod(
            "shop",
            "web-5d4-x",
            "checkout",
            owned("ReplicaSet", "web-5d4", "\"pod-template-hash\": \"5d4\"")));
    pods.add(pod("shop", "db-0", "checkout", owned("StatefulSet", "db", "")));
    pods.add(pod("shop", "job-1", "checkout", owned("Job", "job", "")));
    pods.add(pod("shop", "alone", "checkout", ""));

    assertThat(run("--not-injected"))
        .isEqualTo(
            new Ran(
                0,
                """
                NAMESPACE   POD         SERVICEACCOUNT   OWNER            COMMAND
                shop        web-5d4-x   checkout         deployment/web   kubectl -n shop rollout restart deployment/web
                shop        db-0        checkout         statefulset/db   kubectl -n shop rollout restart statefulset/db
                shop        job-1       checkout         job/job          kubectl -n shop delete pod job-1
                shop        alone       checkout         <none>           kubectl -n shop delete pod alone
                """,
                ""));
    assertThat(asked)
        .containsExactly(
            List.of(
                "get",
                "pods",
                "--output=json",
                "--field-selector=status.phase=Running",
                "--selector=!eks.amazonaws.com/pod-identity,"
                    + "!eks.amazonaws.com/skip-pod-identity-webhook",
                "--all-namespaces"));
  }

  @Test
  void areThoseAloneThatAnAssociationWouldServeAndTheWebhookWouldInject() {
    pods.add(pod("shop", "other", "nobody", ""));
    pods.add(pod("kafka", "excluded", "checkout", ""));
    pods.add(
        pod(
            "shop",
            "static",
            "checkout",
            ", \"annotations\": {\"kubernetes.io/config.mirror\": \"x\"}"));
    pods.add(
        pod("shop", "leaving", "checkout", ", \"deletionTimestamp\": \"2026-11-24T12:00:00Z\""));
    pods.add(
        pod("shop", "by-hand", "checkout", "")
            .replace(
                "{\"name\": \"one\"}",
                "{\"name\": \"one\", \"env\": [{\"name\": \"AWS_CONTAINER_CREDENTIALS_FULL_URI\"}]}"));

    assertThat(run("--not-injected", "-o", "json").out())
        .isEqualToIgnoringWhitespace("{\"pods\": []}");
  }

  @Test
  void areFieldsForMachines() throws Exception {
    pods.add(pod("shop", "alone", "checkout", ""));

    Ran ran = run("--not-injected", "--namespace=shop", "--context=there", "-o", "json");

    assertThat(new ObjectMapper().readTree(ran.out()).at("/pods/0/command").asText())
        .isEqualTo("kubectl --context=there -n shop delete pod alone");
    assertThat(asked.getFirst()).contains("--namespace=shop", "--context=there");
  }

  @Test
  void areNotShownWhereKubectlFails() {
    Kubectl kubectl =
        arguments -> {
          throw new IOException("kubectl ended with exit code 1");
        };

    assertThat(cli.run(new CommandLine(new PodsCommand(kubectl)), "--not-injected"))
        .isEqualTo(new Ran(1, "", "claviger: kubectl ended with exit code 1\n"));
  }

  @Test
  void areOnlyListedByWhatTheyLack() {
    assertThat(run().code()).isEqualTo(2);
  }
}
