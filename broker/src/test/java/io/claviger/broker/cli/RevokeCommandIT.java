package io.claviger.broker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.cli.CommandFixture.Ran;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class RevokeCommandIT {

  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00.4Z");

  private final CommandFixture fixture = new CommandFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private Ran run(String... options) {
    return fixture.run(new CommandLine(new RevokeCommand(() -> NOW)), options);
  }

  @Test
  void revokesAWorkloadAndPrintsWhatEndsItsSessions() {
    String id = fixture.eks.add("shop", "cart", CommandFixture.role("cart"));
    fixture.eks.add("shop", "web", CommandFixture.role("web"));

    Ran ran = run("--workload", "shop/cart");

    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isZero();
    assertThat(ran.out())
        .startsWith("workload:shop/cart revoked since 2026-11-25T12:00:00.500Z by key/admin")
        .contains(
            """
            # arn:aws:iam::123456789012:role/pods/cart
            {
              "Version": "2012-10-17",
              "Statement": [ {
                "Sid": "EndOlderSessions",
                "Effect": "Deny",
                "Action": "*",
                "Resource": "*",
                "Condition": {
                  "DateLessThan": {
                    "aws:TokenIssueTime": "2026-11-25T12:00:01Z"
                  },
                  "StringEquals": {
                    "aws:PrincipalTag/eks-cluster-name": "one",
                    "aws:PrincipalTag/kubernetes-namespace": "shop",
                    "aws:PrincipalTag/kubernetes-service-account": "cart"
                  }
                }
              } ]
            }
            """)
        .contains("--role-name cart --policy-name claviger-revoked-" + id)
        .doesNotContain("role/pods/web");
    assertThat(fixture.eks.writes()).containsExactly("POST /clusters/one/revocations");
  }

  @Test
  void printsThePolicyOfARevokedRoleForEverybodyWhoHasIt() {
    Ran ran = run("--role", CommandFixture.role("cart"));

    assertThat(ran.code()).isZero();
    assertThat(ran.out())
        .contains("role:" + CommandFixture.role("cart") + " revoked", "DateLessThan")
        .doesNotContain("PrincipalTag");
  }

  @Test
  void saysThatASharedSessionEndsForAllOfItsPods() {
    fixture.eks.add("shop", "cart", CommandFixture.role("cart"));

    assertThat(run("--pod", "shop/cart-0").out())
        .contains("All pods of the service account share the session", "Which service account")
        .doesNotContain("kubernetes-pod-name");
  }

  @Test
  void printsAPolicyOfTheClusterForEachRoleOfARevokedNode() {
    fixture.eks.add("shop", "cart", CommandFixture.role("cart"));
    fixture.eks.add("shop", "web", CommandFixture.role("cart"));
    fixture.eks.add("bank", "vault", CommandFixture.role("vault"));

    assertThat(run("--node", "node-1").out())
        .containsOnlyOnce("# " + CommandFixture.role("cart") + System.lineSeparator())
        .containsOnlyOnce("# " + CommandFixture.role("vault") + System.lineSeparator())
        .contains("\"aws:PrincipalTag/eks-cluster-name\": \"one\"");
  }

  @Test
  void listsAndRestores() {
    run("--node", "node-1");

    assertThat(run("--list").out())
        .containsPattern("node +node-1 +2026-11-25T12:00:00.500Z +key/admin");
    assertThat(run("--node", "node-1", "--undo").out())
        .startsWith("node:node-1 restored; it was revoked since 2026-11-25T12:00:00.500Z");
    assertThat(run("--list").out()).doesNotContain("node-1");
    Ran again = run("--node", "node-1", "--undo");
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).contains("ResourceNotFoundException: Nothing is revoked");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--undo",
        "--node a --pod b",
        "--workload cart",
        "--list --undo",
        "--node a --list"
      })
  void badUsageIsSaid(String line) {
    Ran ran = run(line.isEmpty() ? new String[0] : line.split(" ", -1));

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("Usage: ");
    assertThat(fixture.eks.requests()).isEmpty();
  }
}
