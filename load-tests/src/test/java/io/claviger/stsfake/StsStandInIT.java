package io.claviger.stsfake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.claviger.config.lifecycle.HostPort;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.sts.StsAsyncClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;
import software.amazon.awssdk.services.sts.model.StsException;
import software.amazon.awssdk.services.sts.model.Tag;

/** The stand-in, called by the AWS SDK. */
class StsStandInIT {

  private static final String ACCOUNT = "123456789012";
  private static final String ROLE = "arn:aws:iam::123456789012:role/pods/checkout";
  private static final String OTHER_ROLE = "arn:aws:iam::123456789012:role/pods/billing";
  private static final String USER = "arn:aws:iam::123456789012:user/operator";
  private static final String BROKER_ROLE = "arn:aws:iam::123456789012:role/claviger-broker";

  private final Vertx vertx = Vertx.vertx();
  private final StsStandIn sts = new StsStandIn(vertx, InstantSource.system(), Set.of(ACCOUNT));
  private StsClient client = anonymous();

  @BeforeEach
  void listen() throws Exception {
    sts.listen(new HostPort("127.0.0.1", 0))
        .toCompletionStage()
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
    client = client(basic(sts.register(Principal.user(USER))));
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  void issuesASessionWhoseKeySaysWhoseItIs() {
    // When
    AssumeRoleResponse session = client.assumeRole(request(r -> {}));

    // Then
    assertThat(session.credentials().accessKeyId()).startsWith("ASIA").hasSize(20);
    assertThat(session.credentials().expiration())
        .isBetween(Instant.now().plusSeconds(3_500), Instant.now().plusSeconds(3_600));
    assertThat(session.assumedRoleUser().arn())
        .isEqualTo("arn:aws:sts::123456789012:assumed-role/checkout/shop.checkout-1");
    assertThat(session.assumedRoleUser().assumedRoleId())
        .startsWith("AROA")
        .endsWith(":shop.checkout-1");
    assertThat(session.packedPolicySize()).isNull();
    try (StsClient pod = client(credentials(session.credentials()))) {
      GetCallerIdentityResponse identity = pod.getCallerIdentity();
      assertThat(identity.arn()).isEqualTo(session.assumedRoleUser().arn());
      assertThat(identity.userId()).isEqualTo(session.assumedRoleUser().assumedRoleId());
      assertThat(identity.account()).isEqualTo(ACCOUNT);
    }
    assertThat(sts.ledger().issuedAs(session.credentials().accessKeyId()))
        .get()
        .returns(ROLE, AssumedRole::roleArn)
        .returns(USER, AssumedRole::caller);
  }

  @Test
  void answersTheAsynchronousClientToo() {
    try (StsAsyncClient async =
        StsAsyncClient.builder()
            .region(Region.US_EAST_1)
            .endpointOverride(sts.endpoint())
            .httpClientBuilder(NettyNioAsyncHttpClient.builder())
            .credentialsProvider(basic(sts.register(Principal.user(USER))))
            .build()) {
      assertThat(async.assumeRole(request(r -> {})).join().assumedRoleUser().arn())
          .endsWith("assumed-role/checkout/shop.checkout-1");
    }
  }

  @Test
  void issuesAnotherKeyEveryTime() {
    assertThat(client.assumeRole(request(r -> {})).credentials().accessKeyId())
        .isNotEqualTo(client.assumeRole(request(r -> {})).credentials().accessKeyId());
  }

  @Test
  void recordsWhatWasAskedFor() {
    // When
    client.assumeRole(
        request(
            r ->
                r.tags(tag("kubernetes-namespace", "shop"), tag("kubernetes-pod-name", "a b"))
                    .transitiveTagKeys("kubernetes-namespace")
                    .externalId("eu-central-1/123456789012/local/shop/checkout")
                    .policy("{\"Statement\":[]}")
                    .durationSeconds(900)));

    // Then
    assertThat(sts.ledger().assumeRoleCalls(ROLE)).isEqualTo(1);
    assertThat(sts.ledger().assumedRoles(ROLE))
        .singleElement()
        .returns(
            Map.of("kubernetes-namespace", "shop", "kubernetes-pod-name", "a b"), AssumedRole::tags)
        .returns("eu-central-1/123456789012/local/shop/checkout", AssumedRole::externalId)
        .returns("{\"Statement\":[]}", AssumedRole::policy)
        .returns(900, AssumedRole::durationSeconds)
        .satisfies(
            call -> assertThat(call.transitiveTagKeys()).containsExactly("kubernetes-namespace"));
  }

  @Nested
  class Authenticating {

    @Test
    void refusesASecretThatIsNotTheKeys() {
      SigningKey key = sts.register(Principal.user(USER));
      assertCallRefused(
          AwsBasicCredentials.create(key.accessKeyId(), "wrong"), "SignatureDoesNotMatch", 403);
    }

    @Test
    void refusesAKeyItDoesNotKnow() {
      assertCallRefused(
          AwsBasicCredentials.create("AKIAAAAAAAAAAAAAAAAA", "s"), "InvalidClientTokenId", 403);
    }

    @Test
    void refusesAKeyThatWasTakenBack() {
      SigningKey key = sts.register(Principal.user(USER));
      sts.deregister(key.accessKeyId());
      assertCallRefused(basic(key).resolveCredentials(), "InvalidClientTokenId", 403);
    }

    @Test
    void refusesARequestWithoutSignature() {
      try (StsClient anonymous = anonymous()) {
        assertRefused(() -> anonymous.getCallerIdentity(), "MissingAuthenticationToken", 403);
      }
    }

    @Test
    void refusesASessionsKeyWithoutItsToken() {
      Credentials session = client.assumeRole(request(r -> {})).credentials();
      assertCallRefused(
          AwsBasicCredentials.create(session.accessKeyId(), session.secretAccessKey()),
          "InvalidClientTokenId",
          403);
    }

    @Test
    void refusesAnotherSessionsToken() {
      Credentials session = client.assumeRole(request(r -> {})).credentials();
      Credentials other = client.assumeRole(request(r -> {})).credentials();
      assertCallRefused(
          AwsSessionCredentials.create(
              session.accessKeyId(), session.secretAccessKey(), other.sessionToken()),
          "InvalidClientTokenId",
          403);
    }

    @Test
    void refusesASessionThatIsOver() {
      // Given
      sts.behaviour(ROLE).sessionDuration(Duration.ZERO);
      Credentials session = client.assumeRole(request(r -> {})).credentials();

      // When, Then
      assertCallRefused(credentials(session).resolveCredentials(), "ExpiredToken", 403);
    }

    private void assertCallRefused(AwsCredentials credentials, String code, int status) {
      try (StsClient other = client(StaticCredentialsProvider.create(credentials))) {
        assertRefused(() -> other.getCallerIdentity(), code, status);
      }
    }
  }

  @Nested
  class Trusting {

    @Test
    void refusesACallerThatTheRoleDoesNotTrust() {
      sts.trust(ROLE, RoleTrust.only(BROKER_ROLE));
      assertThatThrownBy(() -> client.assumeRole(request(r -> {})))
          .asInstanceOf(type(StsException.class))
          .returns("AccessDenied", e -> e.awsErrorDetails().errorCode())
          .returns(403, StsException::statusCode)
          .returns(
              "User: "
                  + USER
                  + " is not authorized to perform: sts:AssumeRole on resource: "
                  + ROLE,
              e -> e.awsErrorDetails().errorMessage());
      assertThat(sts.ledger().assumedRoles(ROLE))
          .singleElement()
          .returns("AccessDenied", AssumedRole::error)
          .returns(null, AssumedRole::accessKeyId);
    }

    @Test
    void letsASessionOfATrustedRoleIn() {
      sts.trust(ROLE, RoleTrust.only(BROKER_ROLE));
      try (StsClient broker = broker()) {
        assertThat(broker.assumeRole(request(r -> {})).credentials()).isNotNull();
      }
    }

    @Test
    void refusesACallerOfAnAccountThatIsNotTrusted() {
      SigningKey stranger = sts.register(Principal.user("arn:aws:iam::999999999999:user/x"));
      try (StsClient other = client(basic(stranger))) {
        assertRefused(() -> other.assumeRole(request(r -> {})), "AccessDenied", 403);
      }
    }

    @Test
    void demandsTheExternalIdOfTheTrustPolicy() {
      sts.trust(ROLE, RoleTrust.anyone().withExternalId("right"));
      assertRefused(() -> client.assumeRole(request(r -> {})), "AccessDenied", 403);
      assertRefused(
          () -> client.assumeRole(request(r -> r.externalId("left"))), "AccessDenied", 403);
      assertThat(client.assumeRole(request(r -> r.externalId("right")))).isNotNull();
    }

    @Test
    void demandsTheRequestTagsOfTheTrustPolicy() {
      sts.trust(ROLE, RoleTrust.anyone().withRequestTags(Map.of("kubernetes-namespace", "shop")));
      assertRefused(
          () -> client.assumeRole(request(r -> r.tags(tag("kubernetes-namespace", "x")))),
          "AccessDenied",
          403);
      assertThat(client.assumeRole(request(r -> r.tags(tag("kubernetes-namespace", "shop")))))
          .isNotNull();
    }

    @Test
    void refusesTagsWhereTheRoleDoesNotAllowThem() {
      sts.trust(ROLE, RoleTrust.anyone().withoutTagSession());
      assertThatThrownBy(() -> client.assumeRole(request(r -> r.tags(tag("a", "b")))))
          .hasMessageContaining("not authorized to perform: sts:TagSession");
    }

    @Test
    void capsARolesCallAtAnHour() {
      try (StsClient broker = broker()) {
        assertRefused(
            () -> broker.assumeRole(request(r -> r.durationSeconds(3_601))),
            "ValidationError",
            400);
        assertThat(broker.assumeRole(request(r -> r.durationSeconds(3_600)))).isNotNull();
      }
      assertThat(client.assumeRole(request(r -> r.durationSeconds(43_200)))).isNotNull();
    }

    @Test
    void refusesToOverrideATagThatTheCallingSessionHandsOn() {
      // Given
      Credentials first =
          client
              .assumeRole(
                  request(r -> r.tags(tag("team", "a"), tag("x", "y")).transitiveTagKeys("team")))
              .credentials();
      try (StsClient chained = client(credentials(first))) {
        // When, Then
        assertRefused(
            () -> chained.assumeRole(request(r -> r.roleArn(OTHER_ROLE).tags(tag("Team", "b")))),
            "InvalidParameterValue",
            400);
        assertThat(chained.assumeRole(request(r -> r.roleArn(OTHER_ROLE).tags(tag("x", "z")))))
            .isNotNull();
      }
    }

    private StsClient broker() {
      SigningKey key = sts.issue(BROKER_ROLE, "broker-1", Duration.ofHours(1));
      return client(
          StaticCredentialsProvider.create(
              AwsSessionCredentials.create(
                  key.accessKeyId(), key.secretAccessKey(), String.valueOf(key.sessionToken()))));
    }
  }

  @Nested
  class Bending {

    @Test
    void failsARoleUntilCleared() {
      // Given
      sts.behaviour(ROLE).failWith(new QueryError("RegionDisabledException", 403, "not here"));

      // When, Then
      assertRefused(() -> client.assumeRole(request(r -> {})), "RegionDisabledException", 403);
      assertThat(client.assumeRole(request(r -> r.roleArn(OTHER_ROLE)))).isNotNull();
      sts.behaviour(ROLE).clear();
      assertThat(client.assumeRole(request(r -> {}))).isNotNull();
    }

    @Test
    void failsSoManyCalls() {
      sts.behaviour().failNext(2, QueryError.internalFailure());
      assertRefused(() -> client.assumeRole(request(r -> {})), "InternalFailure", 500);
      assertRefused(() -> client.assumeRole(request(r -> {})), "InternalFailure", 500);
      assertThat(client.assumeRole(request(r -> {}))).isNotNull();
      assertThat(sts.ledger().assumeRoleCalls()).isEqualTo(3);
      assertThat(sts.ledger().errors("InternalFailure")).isEqualTo(2);
    }

    @Test
    void throttlesWhatIsMoreThanTheRate() {
      sts.behaviour().throttleAt(1);
      assertThat(client.getCallerIdentity()).isNotNull();
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 50; i++) {
                  client.assumeRole(request(r -> {}));
                }
              })
          .asInstanceOf(type(StsException.class))
          .returns("Throttling", e -> e.awsErrorDetails().errorCode())
          .returns(400, StsException::statusCode)
          .matches(StsException::isThrottlingException);
    }

    @Test
    void answersLateWhenConfigured() {
      sts.behaviour(ROLE).latency(Duration.ofMillis(300));
      long started = System.nanoTime();
      client.assumeRole(request(r -> {}));
      assertThat(Duration.ofNanos(System.nanoTime() - started))
          .isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void issuesShorterSessionsThanAskedFor() {
      sts.behaviour().sessionDuration(Duration.ofMinutes(2));
      assertThat(client.assumeRole(request(r -> {})).credentials().expiration())
          .isBefore(Instant.now().plusSeconds(121));
    }
  }

  static void assertRefused(Runnable call, String code, int status) {
    assertThatThrownBy(
            () -> {
              try {
                call.run();
              } catch (CompletionException e) {
                throw e.getCause();
              }
            })
        .asInstanceOf(type(StsException.class))
        .returns(code, e -> e.awsErrorDetails().errorCode())
        .returns(status, StsException::statusCode)
        .satisfies(e -> assertThat(e.requestId()).isNotBlank());
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  private static AssumeRoleRequest request(Consumer<AssumeRoleRequest.Builder> change) {
    AssumeRoleRequest.Builder request =
        AssumeRoleRequest.builder().roleArn(ROLE).roleSessionName("shop.checkout-1");
    change.accept(request);
    return request.build();
  }

  private StsClient client(AwsCredentialsProvider credentials) {
    return StsClient.builder()
        .region(Region.EU_CENTRAL_1)
        .endpointOverride(sts.endpoint())
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .credentialsProvider(credentials)
        .overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry()))
        .build();
  }

  private StsClient anonymous() {
    return client(AnonymousCredentialsProvider.create());
  }

  private static StaticCredentialsProvider basic(SigningKey key) {
    return StaticCredentialsProvider.create(
        AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey()));
  }

  private static StaticCredentialsProvider credentials(Credentials session) {
    return StaticCredentialsProvider.create(
        AwsSessionCredentials.create(
            session.accessKeyId(), session.secretAccessKey(), session.sessionToken()));
  }
}
