package io.claviger.broker.ingress.api;

import static org.awaitility.Awaitility.await;

import io.claviger.broker.adapter.kafka.RunningKafka;
import io.claviger.broker.association.Grant;
import io.claviger.broker.association.Grants;
import io.claviger.broker.association.NamePattern;
import io.claviger.broker.identity.AccessKey;
import io.claviger.broker.identity.AccessKeys;
import io.claviger.broker.identity.RequestSignatures;
import io.claviger.broker.identity.SignatureV4Verifier;
import io.claviger.schemas.association.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eks.EksAsyncClient;
import software.amazon.awssdk.services.eks.model.CreatePodIdentityAssociationRequest;

/** APIs of brokers on one log, with access keys, grants and AWS's clients. */
final class ApiRig implements AutoCloseable {

  /** Has all grants. */
  static final String ADMIN = "admin";

  /** May associate {@code shop-*} roles in the namespace shop. */
  static final String TEAM = "team";

  /** Has a key and no grant. */
  static final String NOBODY = "nobody";

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int CLUSTERS = 30;
  private static final Grants GRANTS =
      new Grants(
          List.of(
              Grant.ofEverything("key/" + ADMIN),
              new Grant(
                  "key/" + TEAM,
                  new NamePattern("*"),
                  List.of(new NamePattern("shop")),
                  List.of(new NamePattern("*:role/shop-*")),
                  List.of(),
                  false,
                  false)));

  private final RunningKafka kafka;
  private final Path sealingKeys;
  private final List<String> clusters =
      IntStream.range(0, CLUSTERS).mapToObj(i -> i + "-" + UUID.randomUUID()).toList();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<ApiMember> members = new ArrayList<>();
  private final AtomicReference<Grants> grants = new AtomicReference<>(GRANTS);
  private final AtomicReference<AccessKeys> keys = new AtomicReference<>(keys(ADMIN, TEAM, NOBODY));
  private final RequestSignatures signatures =
      new SignatureV4Verifier(keys::get, InstantSource.system());
  private int used;

  ApiRig(RunningKafka kafka, Path sealingKeys) {
    this.kafka = kafka;
    this.sealingKeys = sealingKeys;
    try {
      Files.writeString(
          sealingKeys.resolve("one.key"), Base64.getEncoder().encodeToString(new byte[32]));
      Files.writeString(sealingKeys.resolve("active"), "one");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the name of an unused registered cluster. */
  String unusedCluster() {
    return clusters.get(used++);
  }

  /** Starts a broker's API and waits until its table has caught up and it decides commands. */
  ApiMember member(String name) {
    return member(name, ApiLimits.of(Duration.ofSeconds(1)));
  }

  /** As {@link #member(String)}, with other limits. */
  ApiMember member(String name, ApiLimits limits) {
    ApiMember started =
        ApiMember.start(
            kafka.bootstrapServers(),
            name,
            Set.copyOf(clusters),
            grants::get,
            signatures,
            sealingKeys,
            limits);
    open.add(started);
    members.add(started);
    await().atMost(TIMEOUT).until(started::caughtUp);
    await().atMost(TIMEOUT).until(this::everythingHasAWriter);
    return started;
  }

  private boolean everythingHasAWriter() {
    return members.stream().mapToDouble(ApiMember::writes).sum() == Topics.PARTITIONS;
  }

  /** Returns AWS's client of a broker, with a principal's key. */
  EksAsyncClient client(ApiMember member, String name) {
    EksAsyncClient client =
        EksAsyncClient.builder()
            .endpointOverride(member.endpoint())
            .region(Region.of(ApiMember.REGION))
            .credentialsProvider(StaticCredentialsProvider.create(credentials(name)))
            .build();
    open.add(client);
    return client;
  }

  /** Replaces all access keys. */
  void registerOnly(String... names) {
    keys.set(keys(names));
  }

  /** Replaces all grants. */
  void grant(Grants now) {
    grants.set(now);
  }

  /** Restores the initial keys and grants. */
  void restore() {
    registerOnly(ADMIN, TEAM, NOBODY);
    grant(GRANTS);
  }

  private static AccessKeys keys(String... names) {
    return new AccessKeys(Stream.of(names).map(ApiRig::key).toList());
  }

  static AwsBasicCredentials credentials(String name) {
    return AwsBasicCredentials.create(key(name).accessKeyId(), key(name).secretAccessKey());
  }

  private static AccessKey key(String name) {
    return new AccessKey(
        name, "AKIA" + name.toUpperCase(Locale.ROOT), "the-secret-of-" + name, null);
  }

  static String role(String name) {
    return "arn:aws:iam::" + ApiMember.ACCOUNT + ":role/" + name;
  }

  static CreatePodIdentityAssociationRequest.Builder request(
      String cluster, String namespace, String serviceAccount) {
    return CreatePodIdentityAssociationRequest.builder()
        .clusterName(cluster)
        .namespace(namespace)
        .serviceAccount(serviceAccount)
        .roleArn(role("shop-reader"));
  }

  /** Returns the exception of a rejected call. */
  static Throwable failure(Supplier<CompletableFuture<?>> call) {
    return call.get()
        .handle(
            (answer, failure) -> {
              if (failure == null) {
                throw new AssertionError("not refused: " + answer);
              }
              return failure.getCause();
            })
        .join();
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }
}
