package io.claviger.broker.adapter.sts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.CaffeineLog;
import io.claviger.broker.issuance.RoleSessions;
import io.claviger.broker.issuance.RoleSessions.Result;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.stsfake.AssumedRole;
import io.claviger.stsfake.QueryError;
import io.claviger.stsfake.RoleTrust;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Target roles: two hops. Associations with the same first role share the first hop. */
@Execution(ExecutionMode.CONCURRENT)
class StsTargetRoleIT {

  private static final String FIRST = "arn:aws:iam::111122223333:role/pods/gate";
  private static final Map<String, String> CLUSTER =
      Map.of(
          "eks-cluster-arn", "arn:aws:eks:eu-central-1:111122223333:cluster/c1",
          "eks-cluster-name", "c1");

  private StsFixture fixture;

  @BeforeEach
  void open() throws Exception {
    fixture = new StsFixture();
  }

  @AfterEach
  void close() throws Exception {
    fixture.close();
  }

  @Test
  void opensOneFirstSessionForAHundredAssociations() throws Exception {
    for (int number = 0; number < 100; number++) {
      fixture.sts.trust(
          target(number),
          RoleTrust.only(FIRST).withExternalId(externalId(number)).withRequestTags(own(number)));
    }

    List<CompletableFuture<Result>> opening =
        IntStream.range(0, 100).mapToObj(this::openLater).toList();
    for (CompletableFuture<Result> each : opening) {
      assertThat(each.get(10, TimeUnit.SECONDS)).isInstanceOf(Result.Opened.class);
    }

    AssumedRole first = onlyCall(FIRST);
    assertThat(first.tags()).isEqualTo(CLUSTER);
    assertThat(first.transitiveTagKeys()).containsExactlyInAnyOrderElementsOf(CLUSTER.keySet());
    assertThat(first.externalId()).isNull();
    assertThat(first.policy()).isNull();
    for (int number = 0; number < 100; number++) {
      AssumedRole second = onlyCall(target(number));
      assertThat(second.caller())
          .isEqualTo("arn:aws:sts::111122223333:assumed-role/gate/claviger.c1");
      assertThat(second.tags()).isEqualTo(own(number));
      assertThat(second.transitiveTagKeys())
          .containsExactlyInAnyOrderElementsOf(own(number).keySet());
      assertThat(second.externalId()).isEqualTo(externalId(number));
      assertThat(second.policy()).isEqualTo(policy(number));
      assertThat(second.sessionName()).isEqualTo("shop.sa-" + number);
      assertThat(second.durationSeconds()).isEqualTo(59 * 60);
    }
  }

  @Test
  void opensAFirstSessionOfItsOwnForARoleThatAsksForTheServiceAccount() throws Exception {
    fixture.sts.trust(
        FIRST, RoleTrust.anyone().withRequestTags(Map.of("kubernetes-namespace", "shop")));

    assertThat(open(1)).isInstanceOf(Result.Opened.class);
    assertThat(open(2)).isInstanceOf(Result.Opened.class);

    List<AssumedRole> firsts = fixture.sts.ledger().assumedRoles(FIRST);
    assertThat(firsts).extracting(AssumedRole::error).containsExactly("AccessDenied", null, null);
    Map<String, String> all = new HashMap<>(CLUSTER);
    all.putAll(own(2));
    assertThat(firsts.getLast().tags()).isEqualTo(all);
    assertThat(firsts.getLast().sessionName()).isEqualTo("shop.sa-2");
    assertThat(onlyCall(target(2)).tags()).isEmpty();
  }

  @Test
  void triesAFirstSessionWithAllTagsWhereTheTargetDeniesTheSharedOne() throws Exception {
    fixture.sts.trust(target(1), RoleTrust.only(FIRST).withoutTagSession());

    assertThat(open(1)).isInstanceOf(Result.Opened.class);

    assertThat(fixture.sts.ledger().assumedRoles(FIRST)).hasSize(2);
    AssumedRole second = fixture.sts.ledger().assumedRoles(target(1)).getLast();
    assertThat(second.tags()).isEmpty();
    assertThat(second.caller()).endsWith("/shop.sa-1");
    open(1);
    assertThat(fixture.sts.ledger().assumedRoles(FIRST)).hasSize(2);
    assertThat(fixture.sts.ledger().assumedRoles(target(1))).hasSize(3);
  }

  @Test
  void saysWhichOfTheTwoRolesDenies() throws Exception {
    fixture.sts.trust(target(1), RoleTrust.nobody());
    assertThat(open(1))
        .isInstanceOfSatisfying(
            Result.Denied.class,
            denied -> {
              assertThat(denied.reason()).isEqualTo(RefusalReason.ROLE_DENIED);
              assertThat(denied.role()).isEqualTo(target(1));
              assertThat(denied.message())
                  .contains(target(1) + " denies role " + FIRST, "sts:TagSession");
            });

    fixture.sts.trust(FIRST, RoleTrust.nobody());
    try (StsFixture other = new StsFixture()) {
      other.sts.trust(FIRST, RoleTrust.nobody());
      assertThat(other.roleSessions.open(request(1)).toCompletableFuture().get(5, TimeUnit.SECONDS))
          .isInstanceOfSatisfying(
              Result.Denied.class, denied -> assertThat(denied.role()).isEqualTo(FIRST));
    }
  }

  @Test
  void printsNoStackTraceWhereTheFirstRoleDenies() throws Exception {
    fixture.sts.trust(FIRST, RoleTrust.nobody());

    try (CaffeineLog log = new CaffeineLog()) {
      assertThat(open(1)).isInstanceOf(Result.Denied.class);

      assertThat(log.messages()).isEmpty();
    }
  }

  @Test
  void saysWhichOfTheTwoRolesTheAssociationDoesNotFit() throws Exception {
    QueryError unfit = new QueryError("ValidationError", 400, "no good");
    fixture.sts.behaviour(FIRST).failNext(1, unfit);
    assertThat(open(1))
        .isInstanceOfSatisfying(
            Result.Denied.class, denied -> assertThat(denied.role()).isEqualTo(FIRST));

    fixture.sts.behaviour(target(1)).failNext(1, unfit);
    assertThat(open(1))
        .isInstanceOfSatisfying(
            Result.Denied.class, denied -> assertThat(denied.role()).isEqualTo(target(1)));
  }

  @Test
  void opensTheFirstSessionAnewWhenStsTakesItNoLonger() throws Exception {
    assertThat(open(1)).isInstanceOf(Result.Opened.class);
    fixture.sts.deregister(String.valueOf(onlyCall(FIRST).accessKeyId()));

    assertThat(open(2)).isInstanceOf(Result.Opened.class);
    assertThat(fixture.sts.ledger().assumedRoles(FIRST)).hasSize(2);
  }

  @Test
  void opensNoFirstSessionTwiceThatIsNotHalfSpent() throws Exception {
    open(1);
    open(1);
    open(2);

    onlyCall(FIRST);
    assertThat(fixture.sts.ledger().assumedRoles(target(1))).hasSize(2);
  }

  private AssumedRole onlyCall(String role) {
    List<AssumedRole> calls = fixture.sts.ledger().assumedRoles(role);
    assertThat(calls).hasSize(1);
    return calls.getFirst();
  }

  private Result open(int number) throws Exception {
    return openLater(number).get(10, TimeUnit.SECONDS);
  }

  private CompletableFuture<Result> openLater(int number) {
    return fixture.roleSessions.open(request(number)).toCompletableFuture();
  }

  private static RoleSessions.Request request(int number) {
    return new RoleSessions.Request(
        FIRST,
        target(number),
        externalId(number),
        policy(number),
        CLUSTER,
        own(number),
        "shop.sa-" + number,
        Duration.ofHours(1));
  }

  private static String target(int number) {
    return "arn:aws:iam::444455556666:role/target-" + number;
  }

  private static String externalId(int number) {
    return "eu-central-1/111122223333/c1/shop/sa-" + number;
  }

  private static String policy(int number) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":[],\"Id\":\"p" + number + "\"}";
  }

  private static Map<String, String> own(int number) {
    return Map.of("kubernetes-namespace", "shop", "kubernetes-service-account", "sa-" + number);
  }
}
