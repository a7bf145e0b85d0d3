package io.claviger.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.claviger.launcher.Claviger;
import io.claviger.localmesh.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Node;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.StsException;

/** The programs of the demo's pods, each a process with only its arguments and variables. */
@Tag("ci")
final class DemoProgramsIT {

  private static final String ROLE = "arn:aws:iam::111122223333:role/pods/checkout";
  private static final String OTHER_ROLE = "arn:aws:iam::111122223333:role/pods/billing";
  private static final String CREDENTIALS =
      """
      {"AccessKeyId":"ASIA","SecretAccessKey":"secret","Token":"token","Expiration":"2099-01-01T00:00:00Z"}\
      """;

  private final List<Process> started = new ArrayList<>();

  @TempDir private Path directory;

  @AfterEach
  void endAll() throws InterruptedException {
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
  }

  private Process start(Map<String, String> variables, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Claviger.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().clear();
    builder.environment().putAll(variables);
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private static String output(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private URI startSts() throws IOException {
    Path credentials =
        Files.writeString(
            directory.resolve("credentials"),
            "[default]\naws_access_key_id = AKIADEMO\naws_secret_access_key = the-users-secret\n");
    Process sts =
        start(
            Map.of(),
            "sts",
            "--listen=127.0.0.1:0",
            "--account=111122223333",
            "--user=claviger-broker=" + credentials,
            "--trust=" + ROLE);
    String line = sts.inputReader(StandardCharsets.UTF_8).readLine();
    assertThat(line).startsWith("READY http://127.0.0.1:");
    return URI.create(line.substring("READY ".length()));
  }

  private static StsClient user(URI sts) {
    return StsClient.builder()
        .region(Region.EU_CENTRAL_1)
        .endpointOverride(sts)
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create("AKIADEMO", "the-users-secret")))
        .build();
  }

  @Test
  void whoamiPrintsWhoseTheCredentialsInItsEnvironmentAre() throws Exception {
    URI sts = startSts();
    try (StsClient user = user(sts)) {
      Credentials session =
          user.assumeRole(role -> role.roleArn(ROLE).roleSessionName("shop.checkout"))
              .credentials();

      Process whoami =
          start(
              Map.of(
                  "AWS_REGION", "eu-central-1",
                  "AWS_ENDPOINT_URL_STS", sts.toString(),
                  "AWS_ACCESS_KEY_ID", session.accessKeyId(),
                  "AWS_SECRET_ACCESS_KEY", session.secretAccessKey(),
                  "AWS_SESSION_TOKEN", session.sessionToken()),
              "whoami");

      assertThat(output(whoami))
          .contains("\"Arn\": \"arn:aws:sts::111122223333:assumed-role/checkout/shop.checkout\"");
      assertThat(whoami.waitFor()).isZero();
    }
  }

  @Test
  void theStandInsUserGetsTheRolesThatTrustIt() throws Exception {
    try (StsClient user = user(startSts())) {
      assertThat(user.getCallerIdentity().arn())
          .isEqualTo("arn:aws:iam::111122223333:user/claviger-broker");
      assertThatThrownBy(
              () ->
                  user.assumeRole(role -> role.roleArn(OTHER_ROLE).roleSessionName("shop.billing")))
          .isInstanceOf(StsException.class)
          .hasMessageContaining("is not authorized to perform: sts:AssumeRole");
    }
  }

  @Test
  void whoamiFailsWhereThereAreNoCredentials() throws Exception {
    Process whoami =
        start(Map.of("AWS_REGION", "eu-central-1", "AWS_EC2_METADATA_DISABLED", "true"), "whoami");

    assertThat(output(whoami)).isEmpty();
    assertThat(whoami.waitFor()).isEqualTo(Claviger.FAILED);
  }

  @Test
  void kafkaServesAtTheAddressThatItsVariablesName() throws Exception {
    FreePorts ports = new FreePorts(new Random());
    int port = ports.next();
    int controller = ports.next();
    Process kafka =
        start(
            Map.of(
                "KAFKA_LISTENERS",
                    "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller,
                "KAFKA_ADVERTISED_LISTENERS", "PLAINTEXT://localhost:" + port,
                "KAFKA_CONTROLLER_QUORUM_VOTERS", "1@127.0.0.1:" + controller,
                "KAFKA_LOG_DIRS", directory.resolve("kafka").toString(),
                "KAFKA_HEAP_OPTS", "-Xmx1m"),
            "kafka");

    // Kafka prints other lines first.
    assertThat(
            kafka
                .inputReader(StandardCharsets.UTF_8)
                .lines()
                .anyMatch(line -> line.equals("READY localhost:" + port)))
        .isTrue();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + port))) {
      assertThat(admin.describeCluster().nodes().get(20, TimeUnit.SECONDS))
          .extracting(Node::host)
          .containsExactly("localhost");
    }
  }

  @Test
  void loadAsksEachTimeOnANewConnectionAndSaysWhatFailed() throws Exception {
    Set<Integer> clients = ConcurrentHashMap.newKeySet();
    AtomicInteger asked = new AtomicInteger();
    HttpServer edge =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    edge.createContext(
        "/",
        exchange -> {
          clients.add(exchange.getRemoteAddress().getPort());
          byte[] answer = CREDENTIALS.getBytes(StandardCharsets.UTF_8);
          // An SDK does not retry a 404.
          exchange.sendResponseHeaders(asked.incrementAndGet() == 3 ? 404 : 200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    edge.start();
    try {
      Map<String, String> pod = new HashMap<>();
      pod.put(
          "AWS_CONTAINER_CREDENTIALS_FULL_URI",
          "http://127.0.0.1:" + edge.getAddress().getPort() + "/v1/credentials");
      pod.put(
          "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
          Files.writeString(directory.resolve("token"), "a-token").toString());

      Process load = start(pod, "load", "pod", "--rate=20", "--for=1s");

      assertThat(output(load)).contains(" 1 failed,", ", 1 sessions");
      assertThat(load.waitFor()).isEqualTo(Claviger.FAILED);
      assertThat(asked.get()).isGreaterThan(5);
      assertThat(clients).hasSize(asked.get());
    } finally {
      edge.stop(0);
    }
  }
}
