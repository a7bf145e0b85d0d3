package io.claviger.broker.ingress.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.broker.identity.AccessKey;
import io.claviger.broker.identity.AccessKeys;
import io.claviger.broker.identity.SignatureV4Verifier;
import io.claviger.broker.telemetry.ApiMeters;
import io.claviger.config.lifecycle.HostPort;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eks.EksClient;
import software.amazon.awssdk.services.eks.model.BadRequestException;
import software.amazon.awssdk.services.eks.model.Cluster;
import software.amazon.awssdk.services.eks.model.ClusterStatus;
import software.amazon.awssdk.services.eks.model.CreatePodIdentityAssociationRequest;
import software.amazon.awssdk.services.eks.model.InvalidParameterException;
import software.amazon.awssdk.services.eks.model.NotFoundException;
import software.amazon.awssdk.services.eks.model.ResourceNotFoundException;

/** Answers to AWS's own client, from a server whose clock the test sets. */
final class EksClientIT {

  private static final AwsBasicCredentials KEY =
      AwsBasicCredentials.create("AKIATESTER", "the-secret-of-the-tester");
  private static final String ROLE = "arn:aws-cn:iam::111122223333:role/reader";
  private static final String UNKNOWN = Samples.ARN.replace(Samples.ID, "a-zzzzzzzzzzzzzzzzz");

  private final Vertx vertx = Vertx.vertx();
  // Keeps a reference: the garbage collector closes an unreferenced client after 30 s.
  private final NetClient connections = vertx.createNetClient();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  @TempDir private Path sealingKeys = Path.of("");
  private Duration ahead = Duration.ZERO;

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    done(vertx.close());
  }

  private static <T> T done(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  private URI served() throws Exception {
    InstantSource clock = () -> Instant.now().plus(ahead);
    AccessKeys keys =
        new AccessKeys(
            List.of(
                new AccessKey(
                    TestOperations.CALLER, KEY.accessKeyId(), KEY.secretAccessKey(), null)));
    ApiServer server =
        new ApiServer(
            new HostPort("127.0.0.1", 0),
            Optional.empty(),
            ApiLimits.of(Duration.ofMillis(100)),
            new SignatureV4Verifier(() -> keys, clock),
            TestOperations.of(sealingKeys, command -> new CompletableFuture<>()),
            new ApiMeters(meters),
            clock);
    done(vertx.deployVerticle(server));
    return URI.create("http://127.0.0.1:" + server.port());
  }

  private EksClient client() throws Exception {
    EksClient client =
        EksClient.builder()
            .endpointOverride(served())
            .region(Region.CN_NORTH_1)
            .credentialsProvider(StaticCredentialsProvider.create(KEY))
            .httpClient(UrlConnectionHttpClient.create())
            .build();
    open.add(client);
    return client;
  }

  private long answered(String result) {
    return meters.find(ApiMeters.REQUESTS).tag("result", result).timers().stream()
        .mapToLong(timer -> timer.count())
        .sum();
  }

  @ParameterizedTest
  @ValueSource(ints = {-20, 20})
  void letsAClientCorrectAClockThatIsTwentyMinutesWrong(int minutes) throws Exception {
    ahead = Duration.ofMinutes(minutes);
    EksClient client = client();

    assertThat(client.listClusters().clusters()).containsExactly("c1");
    assertThat(client.listClusters().clusters()).containsExactly("c1");

    assertThat(answered("InvalidSignatureException")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/clusters",
        "/clusters/c1/assume-role-for-pod-identity",
        "/nothing",
        "/clusters/x/../c1",
        "/tags/a%2",
        "/%zz"
      })
  void saysWhatTimeItIsInAnswersThatRefuse(String path) throws Exception {
    ahead = Duration.ofMinutes(20);
    String head = raw(served(), "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");

    assertTellsTheTime(head);
  }

  @ParameterizedTest
  @ValueSource(strings = {"no http at all\r\n\r\n", "GET / HTTP/1.1\r\nx y\r\n\r\n", "TOO LONG"})
  void saysWhatTimeItIsToWhoSpeaksNoHttp(String sent) throws Exception {
    String request =
        sent.equals("TOO LONG") ? "GET / HTTP/1.1\r\nX: " + "x".repeat(70_000) + "\r\n\r\n" : sent;
    String head = raw(served(), request);

    assertTellsTheTime(head);
    assertThat(head).contains("x-amzn-ErrorType: ").containsPattern("^HTTP/1.[01] 4");
  }

  /** The server's time as an IMF-fixdate. */
  private void assertTellsTheTime(String head) {
    String date =
        head.lines()
            .filter(line -> line.regionMatches(true, 0, "Date: ", 0, 6))
            .map(line -> line.substring(6))
            .findFirst()
            .orElseThrow(() -> new AssertionError(head));
    assertThat(date).hasSize("Sun, 06 Nov 1994 08:49:37 GMT".length());
    assertThat(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant())
        .isBetween(
            Instant.now().plus(ahead).minusSeconds(10), Instant.now().plus(ahead).plusSeconds(1));
  }

  /** The head of the answer. */
  private String raw(URI server, String request) {
    CompletableFuture<String> head = new CompletableFuture<>();
    Buffer read = Buffer.buffer();
    connections
        .connect(server.getPort(), server.getHost())
        .onFailure(head::completeExceptionally)
        .onSuccess(
            socket -> {
              socket.handler(
                  bytes -> {
                    read.appendBuffer(bytes);
                    int end = read.toString().indexOf("\r\n\r\n");
                    if (end > 0) {
                      head.complete(read.toString().substring(0, end));
                    }
                  });
              socket.closeHandler(
                  closed -> head.completeExceptionally(new AssertionError("closed: " + read)));
              socket.write(request);
            });
    return head.orTimeout(20, TimeUnit.SECONDS).join();
  }

  @Test
  void saysWhatTimeItIsInAnswersThatGive() throws Exception {
    String id = client().listClusters().sdkHttpResponse().firstMatchingHeader("Date").orElse("");

    assertTellsTheTime("Date: " + id);
  }

  @Test
  void describesARegisteredCluster() throws Exception {
    Cluster cluster = client().describeCluster(one -> one.name("c1")).cluster();

    assertThat(cluster.name()).isEqualTo("c1");
    assertThat(cluster.arn()).isEqualTo(Samples.CLUSTER.arn());
    assertThat(cluster.status()).isEqualTo(ClusterStatus.ACTIVE);
    assertThat(cluster.endpoint()).isEqualTo("https://c1.example.org:6443");
    assertThat(cluster.identity().oidc().issuer()).isEqualTo("https://issuer.example.org/c1");
    assertThat(cluster.tags()).isEmpty();
    // A registration has no date, but Terraform's provider reads one.
    assertThat(cluster.createdAt()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void knowsNoClusterThatIsNotRegistered() throws Exception {
    EksClient client = client();

    assertThatThrownBy(() -> client.describeCluster(one -> one.name("c2")))
        .isInstanceOf(ResourceNotFoundException.class)
        .hasMessageContaining("No cluster found for name: c2");
  }

  @Test
  void namesTagOperationsErrorsAsTheModelDoes() throws Exception {
    EksClient client = client();

    assertThatThrownBy(() -> client.listTagsForResource(one -> one.resourceArn("arn:of:nothing")))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> client.listTagsForResource(one -> one.resourceArn(UNKNOWN)))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> client.tagResource(one -> one.resourceArn(UNKNOWN).tags(tags(51))))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("tags: must be an object of 1 to 50 entries, 51 were sent");
    assertThatThrownBy(
            () -> client.untagResource(one -> one.resourceArn(UNKNOWN).tagKeys(List.of(""))))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("tagKeys: each must be a string of 1 to 128 characters");
  }

  private static Map<String, String> tags(int count) {
    return IntStream.range(0, count).boxed().collect(Collectors.toMap(i -> "k" + i, i -> "v"));
  }

  private static CreatePodIdentityAssociationRequest.Builder create() {
    return CreatePodIdentityAssociationRequest.builder()
        .clusterName("c1")
        .namespace("shop")
        .serviceAccount("cart")
        .roleArn(ROLE);
  }

  @Test
  void saysWhatAFieldMayBe() throws Exception {
    EksClient client = client();

    assertRefused(client, create().namespace("Shop"), NAMESPACE);
    assertRefused(client, create().namespace("a".repeat(64)), NAMESPACE);
    assertRefused(
        client,
        create().tags(tags(51)),
        "tags: must be an object of at most 50 entries, 51 were sent");
    assertRefused(
        client,
        create().tags(Map.of("k".repeat(129), "v")),
        "tags: a key must be a string of 1 to 128 characters");
    assertRefused(
        client,
        create().tags(Map.of("a/b", "v".repeat(257))),
        "tags.a/b: must be a string of at most 256 characters");
    assertRefused(
        client, create().roleArn("short"), "roleArn: must be a string of 20 to 2048 characters");
    assertRefused(client, create().roleArn(null), "roleArn: is required");
    assertRefused(
        client,
        create().clusterName("a b"),
        "clusterName: must be a string that matches ^[0-9A-Za-z]");
    assertThatThrownBy(() -> client.listClusters(one -> one.maxResults(101)))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("maxResults: must be a number from 1 to 100");
  }

  private static final String NAMESPACE =
      "namespace: must be a string of 1 to 63 characters that matches"
          + " ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

  private static void assertRefused(
      EksClient client, CreatePodIdentityAssociationRequest.Builder request, String message) {
    assertThatThrownBy(() -> client.createPodIdentityAssociation(request.build()))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining(message);
  }
}
