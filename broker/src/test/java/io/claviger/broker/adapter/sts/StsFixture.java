package io.claviger.broker.adapter.sts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.issuance.Quotas;
import io.claviger.broker.issuance.RoleSessions;
import io.claviger.broker.issuance.RoleSessions.Result;
import io.claviger.config.lifecycle.HostPort;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.stsfake.Principal;
import io.claviger.stsfake.SigningKey;
import io.claviger.stsfake.StsStandIn;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** The adapter, connected to its own stand-in of STS, with replaceable credentials. */
final class StsFixture implements AutoCloseable {

  static final String ACCOUNT = "111122223333";
  static final String USER = "arn:aws:iam::111122223333:user/broker";
  static final String ROLE = "arn:aws:iam::111122223333:role/pods/cart";

  /** The tags of a pod's own session. */
  static final Map<String, String> TAGS =
      Map.of(
          "eks-cluster-arn", "arn:aws:eks:eu-central-1:111122223333:cluster/c1",
          "eks-cluster-name", "c1",
          "kubernetes-namespace", "shop",
          "kubernetes-service-account", "cart",
          "kubernetes-pod-name", "cart-7",
          "kubernetes-pod-uid", "uid-7");

  final StsStandIn sts;
  final StsRoleSessions roleSessions;
  final Quotas quotas;
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  /** How often the adapter requested a provider of its own credentials. */
  final AtomicInteger providers = new AtomicInteger();

  /** The credentials of the next provider. */
  volatile SigningKey own;

  private final Vertx vertx = Vertx.vertx();

  StsFixture() throws Exception {
    this(Duration.ofSeconds(5), Duration.ofSeconds(8));
  }

  StsFixture(Duration attemptTimeout, Duration deadline) throws Exception {
    this(attemptTimeout, deadline, UnaryOperator.identity());
  }

  /** Uses providers that the operator derives from the usual ones. */
  StsFixture(Duration attemptTimeout, Duration deadline, UnaryOperator<AwsCredentialsProvider> made)
      throws Exception {
    sts = new StsStandIn(vertx, InstantSource.system(), Set.of(ACCOUNT));
    sts.listen(new HostPort("127.0.0.1", 0))
        .toCompletionStage()
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
    own = sts.register(Principal.user(USER));
    quotas = quotas(10_000, meters);
    roleSessions =
        new StsRoleSessions(
            new StsConnection(
                new StsConnection.Endpoint("eu-central-1", Optional.of(sts.endpoint())),
                Optional.empty(),
                attemptTimeout,
                deadline,
                50),
            Map.of(
                Quotas.USUAL,
                () -> {
                  providers.incrementAndGet();
                  return made.apply(credentials(own));
                }),
            quotas,
            InstantSource.system(),
            meters);
  }

  /** Returns one broker's quota. */
  static Quotas quotas(int perSecond, MeterRegistry meters) {
    return new Quotas(Map.of(Quotas.USUAL, perSecond), 1, () -> 1, System::nanoTime, meters);
  }

  static StaticCredentialsProvider credentials(SigningKey key) {
    String token = key.sessionToken();
    return StaticCredentialsProvider.create(
        token == null
            ? AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey())
            : AwsSessionCredentials.create(key.accessKeyId(), key.secretAccessKey(), token));
  }

  /** Returns a request for a session of {@link #ROLE} with {@link #TAGS}. */
  static RoleSessions.Request request() {
    return request(null, null, TAGS);
  }

  static RoleSessions.Request request(
      @Nullable String target, @Nullable String externalId, Map<String, String> tags) {
    return new RoleSessions.Request(
        ROLE,
        target,
        externalId,
        null,
        Map.of(),
        tags,
        "shop.cart-0123456789ab",
        Duration.ofHours(1));
  }

  static SessionCredentials opened(Result result) {
    assertThat(result).isInstanceOf(Result.Opened.class);
    return ((Result.Opened) result).credentials();
  }

  @Override
  public void close() throws Exception {
    roleSessions.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }
}
