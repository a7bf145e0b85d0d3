package io.claviger.broker.association;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationCommand.Restore;
import io.claviger.schemas.association.AssociationCommand.Revoke;
import io.claviger.schemas.association.AssociationOutcome.Effect;
import io.claviger.schemas.association.AssociationOutcome.Refused;
import io.claviger.schemas.association.AssociationOutcome.Result;
import io.claviger.schemas.association.AssociationOutcome.Settled;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.association.RevokedSubject;
import io.claviger.schemas.bus.RevokedPods;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RevocationRulesTest {

  private static final RevokedSubject NODE = RevokedSubject.parse("node:n1");

  private static final RevokedSubject CART = RevokedSubject.parse("workload:shop/cart");

  private final LogState state = new LogState();
  private int tokens;
  private Grants grants = Specs.GRANTS;
  private final AssociationDecisions decisions =
      new AssociationDecisions(
          Map.of(Specs.CLUSTER, Specs.RULES), () -> grants, () -> Specs.NOW, new Random(1));

  private Result decide(AssociationCommand.Operation operation) {
    Decision decision = decisions.decide(Specs.command(operation), state);
    state.apply(decision);
    return decision.answer().result();
  }

  @Test
  void revokeOnceAndRestoreOnce() {
    assertThat(decide(new Revoke(NODE)))
        .isEqualTo(new Settled(Effect.CREATED, Specs.revocation("node:n1")));
    assertThat(decide(new Revoke(NODE)))
        .isEqualTo(new Settled(Effect.UNCHANGED, Specs.revocation("node:n1")));
    assertThat(decide(new Restore(NODE)))
        .isEqualTo(new Settled(Effect.REMOVED, Specs.revocation("node:n1")));
    assertThat(decide(new Restore(NODE)))
        .isEqualTo(new Refused("ResourceNotFoundException", "Nothing is revoked for node:n1"));
  }

  @Test
  void takeTheNextPlaceInTheLog() {
    decide(new AssociationCommand.Create(Specs.spec("cart")));
    Decision revoked = decisions.decide(Specs.command(new Revoke(NODE)), state);

    assertThat(revoked.answer().position()).isEqualTo(state.head(Specs.CLUSTER).next());
    assertThat(revoked.entry()).isPresent();
  }

  @Test
  void boundHowManyThereAre() {
    for (int i = 0; i < 1_000; i++) {
      decide(new Revoke(RevokedSubject.parse("node:n" + i)));
    }

    assertThat(((Refused) decide(new Revoke(RevokedSubject.parse("node:more")))).code())
        .isEqualTo("ResourceLimitExceededException");
  }

  @Test
  void boundHowManyPodsEdgesHaveToBeSent() {
    for (int i = 0; i < RevokedPods.MAX_PODS; i++) {
      decide(new Revoke(RevokedSubject.parse("pod:uid-" + i)));
    }

    assertThat(decide(new Revoke(RevokedSubject.parse("pod:more"))))
        .isEqualTo(
            new Refused(
                "ResourceLimitExceededException",
                "cluster " + Specs.CLUSTER + " has its 200 revoked pods: lift some first"));
    assertThat(decide(new Revoke(NODE))).isInstanceOf(Settled.class);
  }

  private Result decide(String actor, AssociationCommand.Operation operation) {
    AssociationCommand command =
        AssociationCommand.of(
            Specs.CLUSTER, "token-of-" + actor + "-" + tokens++, actor, Specs.NOW, operation);
    Decision decision = decisions.decide(command, state);
    state.apply(decision);
    return decision.answer().result();
  }

  private static Grant revoking(String principal, String namespaces) {
    return new Grant(
        principal,
        new NamePattern("*"),
        List.of(new NamePattern(namespaces)),
        List.of(),
        List.of(),
        false,
        true);
  }

  private void areGranted() {
    grants =
        new Grants(
            List.of(
                revoking("key/admin", "*"),
                revoking("key/shop", "shop"),
                revoking("key/shop-too", "shop"),
                revoking("key/teams", "s*")));
  }

  private static String code(Result result) {
    return result instanceof Refused refused ? refused.code() : result.toString();
  }

  @Test
  void leaveRoomForWhoMayRevokeEverywhereWhateverAllOthersDo() {
    areGranted();
    for (int i = 0; i < 100; i++) {
      assertThat(decide("key/shop", new Revoke(RevokedSubject.parse("workload:shop/w" + i))))
          .isInstanceOf(Settled.class);
    }
    assertThat(decide("key/shop", new Revoke(RevokedSubject.parse("workload:shop/more"))))
        .isEqualTo(
            new Refused(
                "ResourceLimitExceededException",
                "key/shop has its 100 revocations: lift some first"));
    assertThat(decide("key/teams", new Revoke(RevokedSubject.parse("workload:shop/more"))))
        .isInstanceOf(Settled.class);

    for (int i = 101; i < 800; i++) {
      decide("key/admin", new Revoke(RevokedSubject.parse("node:n" + i)));
    }
    assertThat(code(decide("key/teams", new Revoke(RevokedSubject.parse("workload:shop/last")))))
        .isEqualTo("ResourceLimitExceededException");
    assertThat(decide("key/admin", new Revoke(RevokedSubject.parse("workload:shop/last"))))
        .isInstanceOf(Settled.class);
  }

  @Test
  void leaveRoomAmongThePodsToo() {
    areGranted();
    for (int i = 0; i < 20; i++) {
      decide("key/shop", new Revoke(RevokedSubject.parse("pod:shop/p" + i)));
    }

    assertThat(code(decide("key/shop", new Revoke(RevokedSubject.parse("pod:shop/more")))))
        .isEqualTo("ResourceLimitExceededException");
    assertThat(decide("key/shop", new Revoke(RevokedSubject.parse("workload:shop/cart"))))
        .isInstanceOf(Settled.class);
    assertThat(decide("key/admin", new Revoke(RevokedSubject.parse("pod:shop/more"))))
        .isInstanceOf(Settled.class);
  }

  @Test
  void areLiftedByWhoCouldHaveMadeThemAsWidelyOnly() {
    areGranted();
    decide("key/admin", new Revoke(CART));
    assertThat(decide("key/shop", new Restore(CART)))
        .isEqualTo(
            new Refused(
                "AccessDeniedException",
                "workload:shop/cart was revoked by key/admin: to lift this, use a principal that"
                    + " may revoke as widely, by a grant with revoke: true for all namespaces"));
    assertThat(decide("key/admin", new Restore(CART))).isInstanceOf(Settled.class);

    decide("key/shop", new Revoke(CART));
    assertThat(decide("key/shop-too", new Restore(CART))).isInstanceOf(Settled.class);
    decide("key/shop", new Revoke(CART));
    assertThat(decide("key/admin", new Restore(CART))).isInstanceOf(Settled.class);
  }

  @Test
  void areNotLiftedByANamespaceWhoseAdministratorHasNoGrantAnyMore() {
    areGranted();
    decide("key/admin", new Revoke(CART));
    grants = new Grants(List.of(revoking("key/shop", "shop")));

    assertThat(code(decide("key/shop", new Restore(CART)))).isEqualTo("AccessDeniedException");
  }

  @Test
  void areTakenOverByWhoMayRevokeEverywhere() {
    areGranted();
    decide("key/shop", new Revoke(CART));

    assertThat(decide("key/admin", new Revoke(CART)))
        .isEqualTo(
            new Settled(
                Effect.CHANGED, new Revocation(Specs.CLUSTER, CART, Specs.NOW, "key/admin")));
    assertThat(code(decide("key/shop", new Restore(CART)))).isEqualTo("AccessDeniedException");
    assertThat(((Settled) decide("key/shop", new Revoke(CART))).effect())
        .isEqualTo(Effect.UNCHANGED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "role:checkout",
        "workload:Shop/cart",
        "node:n1/n2",
        "pod:shop/",
        "pod:shop/cart/1",
        "pod:with a space"
      })
  void refuseWhatCannotBe(String subject) {
    assertThat(((Refused) decide(new Revoke(RevokedSubject.parse(subject)))).code())
        .isEqualTo("InvalidParameterException");
  }

  @ParameterizedTest
  @CsvSource({
    "shop, true, workload:shop/cart, true",
    "shop, true, pod:shop/cart-1, true",
    "shop, true, workload:bank/vault, false",
    "shop, true, pod:uid-1, false",
    "shop, true, node:n1, false",
    "shop, true, role:arn:aws:iam::123456789012:role/x, false",
    "*, true, node:n1, true",
    "*, true, pod:uid-1, true",
    "*, true, role:arn:aws:iam::123456789012:role/x, true",
    "*, false, workload:shop/cart, false",
  })
  void wantAGrantThatReachesAsFarAsTheRevocation(
      String namespaces, boolean revoke, String subject, boolean granted) {
    grants =
        new Grants(
            List.of(
                new Grant(
                    Specs.TESTER,
                    new NamePattern("*"),
                    List.of(new NamePattern(namespaces)),
                    List.of(),
                    List.of(),
                    false,
                    revoke)));

    Result result = decide(new Revoke(RevokedSubject.parse(subject)));

    assertThat(result instanceof Settled).as("%s", result).isEqualTo(granted);
  }
}
