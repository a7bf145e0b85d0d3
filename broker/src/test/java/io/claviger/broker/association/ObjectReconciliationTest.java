package io.claviger.broker.association;

import static io.claviger.broker.association.Specs.role;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.association.DeclaredAssociation.Declaration;
import io.claviger.broker.association.ReadyCondition.Reason;
import io.claviger.broker.association.Reconciled.Effort;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationCommand.Create;
import io.claviger.schemas.association.AssociationCommand.Delete;
import io.claviger.schemas.association.AssociationCommand.Update;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.AssociationOutcome.Accepted;
import io.claviger.schemas.association.AssociationOutcome.Refused;
import io.claviger.schemas.association.AssociationSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ObjectReconciliationTest {

  private static final Instant EARLY = Instant.parse("2026-11-24T10:00:00Z");
  private static final Instant LATE = Instant.parse("2026-11-24T11:00:00Z");

  private final DecidedLog log = new DecidedLog();
  private final ObjectReconciliation objects = log.objects();

  @BeforeEach
  void grantTheShopItsRoles() {
    log.grantObjects("shop", role("shop-*"));
  }

  private static AssociationSpec spec(String namespace, String roleName) {
    return new AssociationSpec(namespace, "cart", role(roleName), null, false, null, Map.of());
  }

  private static DeclaredAssociation object(
      String name,
      Instant createdAt,
      boolean leaving,
      @Nullable String reportedId,
      String roleName) {
    return new DeclaredAssociation(
        "shop",
        name,
        "uid-" + name,
        createdAt,
        leaving,
        reportedId,
        Declaration.of(() -> spec("shop", roleName)));
  }

  private static DeclaredAssociation object(String name, String roleName) {
    return object(name, EARLY, false, null, roleName);
  }

  private Reconciled reconcile(DeclaredAssociation... all) {
    return objects
        .reconcile(new AssociationKey(DecidedLog.CLUSTER, "shop", "cart"), List.of(all))
        .toCompletableFuture()
        .join();
  }

  private ReadyCondition condition(DeclaredAssociation object) {
    return condition(reconcile(object), object.name());
  }

  private static ReadyCondition condition(Reconciled done, String name) {
    return Objects.requireNonNull(done.conditions().get("uid-" + name));
  }

  private Association cart() {
    return log.association("shop", "cart").orElseThrow();
  }

  @Test
  void makesWhatAnObjectDeclares() {
    ReadyCondition condition = condition(object("a", "shop-cart"));

    assertThat(condition.reason()).isEqualTo(Reason.ASSOCIATED);
    assertThat(condition.association()).contains(cart());
    assertThat(cart().spec()).isEqualTo(spec("shop", "shop-cart"));
    assertThat(cart().grantedBy()).isEqualTo("namespace/shop");
  }

  @Test
  void asksNothingOfTheLogWhenItIsSo() {
    reconcile(object("a", "shop-cart"));

    assertThat(reconcile(object("a", "shop-cart")).effort()).isEqualTo(Effort.UNCHANGED);
    assertThat(log.sent).hasSize(1);
  }

  @Test
  void changesWhatTheObjectSaysAnew() {
    reconcile(object("a", "shop-cart"));

    assertThat(reconcile(object("a", "shop-other")).effort()).isEqualTo(Effort.WRITTEN);
    assertThat(cart().spec().roleArn()).isEqualTo(role("shop-other"));
    assertThat(cart().revision()).isEqualTo(2);
  }

  @Test
  void refusesANamespaceTheRoleOfAnother() {
    log.grantObjects("bank", role("bank-*"));
    assertThat(condition(object("a", "bank-vault")).reason()).isEqualTo(Reason.ROLE_NOT_PERMITTED);

    log.grantObjects("*", role("everybody-*"));
    ReadyCondition condition = condition(object("a", "bank-vault"));

    assertThat(condition.reason()).isEqualTo(Reason.ROLE_NOT_PERMITTED);
    assertThat(condition.message())
        .contains("namespace/shop has no grant for " + role("bank-vault"));
    assertThat(log.association("shop", "cart")).isEmpty();
    assertThat(log.sent).as("commands that the writer received").hasSize(2);
  }

  @Test
  void letsTheOldestObjectSpeakAndTellsTheOthers() {
    DeclaredAssociation younger = object("a", LATE, false, null, "shop-younger");
    DeclaredAssociation older = object("b", EARLY, false, null, "shop-older");

    Reconciled done = reconcile(younger, older);

    assertThat(cart().spec().roleArn()).isEqualTo(role("shop-older"));
    assertThat(condition(done, "b").reason()).isEqualTo(Reason.ASSOCIATED);
    assertThat(condition(done, "a").reason()).isEqualTo(Reason.CONFLICT);
    assertThat(condition(done, "a").message()).contains("the older object b");
  }

  @Test
  void letsTheSmallerUidSpeakForObjectsOfTheSameSecond() {
    Reconciled done = reconcile(object("b", "shop-b"), object("a", "shop-a"));

    assertThat(cart().spec().roleArn()).isEqualTo(role("shop-a"));
    assertThat(condition(done, "b").reason()).isEqualTo(Reason.CONFLICT);
  }

  @Test
  void letsTheNextSpeakWhenTheOldestIsBeingDeleted() {
    DeclaredAssociation leaving = object("b", EARLY, true, null, "shop-older");

    Reconciled done = reconcile(object("a", LATE, false, null, "shop-younger"), leaving);

    assertThat(cart().spec().roleArn()).isEqualTo(role("shop-younger"));
    assertThat(done.retracted()).isTrue();
  }

  @Test
  void leavesAloneWhatTheApiHasMade() {
    log.ask(new Create(spec("shop", "by-hand")));

    ReadyCondition condition = condition(object("a", "shop-cart"));
    Reconciled gone = reconcile();

    assertThat(condition.reason()).isEqualTo(Reason.CONFLICT);
    assertThat(condition.message()).contains(cart().id()).contains(DecidedLog.KEY);
    assertThat(gone.retracted()).isTrue();
    assertThat(cart().spec().roleArn()).isEqualTo(role("by-hand"));
  }

  @Test
  void isNotChangedByTheApiButMayBeDeletedAndIsMadeAgain() {
    reconcile(object("a", "shop-cart"));
    String id = cart().id();

    assertThat(log.ask(new Create(spec("shop", "x")))).isInstanceOf(Refused.class);
    assertThat(log.ask(new Update(id, role("shop-x"), null, null, null, null)))
        .isEqualTo(
            new Refused(
                "InvalidRequestException",
                id
                    + " is declared by a PodIdentityAssociation of namespace shop: change that"
                    + " object"));
    assertThat(log.ask(new Delete(id, null))).isInstanceOf(Accepted.class);
    assertThat(reconcile(object("a", EARLY, false, id, "shop-cart")).effort())
        .isEqualTo(Effort.WRITTEN);
    assertThat(cart().id()).isNotEqualTo(id);
  }

  @Test
  void saysWhatIsInvalidWhereverThatIsFound() {
    DeclaredAssociation contradictory =
        new DeclaredAssociation(
            "shop",
            "a",
            "uid-a",
            EARLY,
            false,
            null,
            Declaration.of(
                () -> new AssociationSpec("shop", "cart", role("r"), null, false, "{}", Map.of())));
    assertThat(condition(contradictory).reason()).isEqualTo(Reason.INVALID);
    assertThat(condition(contradictory).message()).contains("policy needs disableSessionTags");

    assertThat(condition(object("a", "not a role")).reason()).isEqualTo(Reason.INVALID);
    assertThat(condition(object("a", "not a role")).message()).contains("roleArn");
  }

  @Test
  void saysWhenTheClusterHasNoRoomForMore() {
    for (int i = 0; i < Specs.RULES.maxAssociations(); i++) {
      log.ask(new Create(Specs.spec("sa-" + i)));
    }

    assertThat(condition(object("a", "shop-cart")).reason()).isEqualTo(Reason.LIMIT_EXCEEDED);
  }

  @Test
  void deletesWhatNoObjectDeclaresWhetherOrNotThereIsAGrantStill() {
    reconcile(object("a", "shop-cart"));
    log.grantObjects("bank", "*");

    Reconciled done = reconcile();

    assertThat(done).isEqualTo(new Reconciled(Effort.WRITTEN, Map.of(), true));
    assertThat(log.association("shop", "cart")).isEmpty();
    assertThat(reconcile().effort()).isEqualTo(Effort.UNCHANGED);
  }

  @Test
  void keepsTheAssociationWhenAChangeOfItIsRefused() {
    reconcile(object("a", "shop-cart"));

    ReadyCondition condition = condition(object("a", EARLY, false, cart().id(), "admin"));

    assertThat(condition.reason()).isEqualTo(Reason.ROLE_NOT_PERMITTED);
    assertThat(condition.association()).contains(cart());
    assertThat(cart().spec().roleArn()).isEqualTo(role("shop-cart"));
  }

  @Test
  void doesNotLetStandWhatADeletedObjectMadeBecauseAnotherIsRefused() {
    reconcile(object("a", "shop-cart"));
    DeclaredAssociation leaving = object("a", EARLY, true, cart().id(), "shop-cart");

    Reconciled done = reconcile(leaving, object("b", LATE, false, null, "admin"));

    assertThat(condition(done, "b").reason()).isEqualTo(Reason.ROLE_NOT_PERMITTED);
    assertThat(condition(done, "b").association()).isEmpty();
    assertThat(done.retracted()).isTrue();
    assertThat(log.association("shop", "cart")).isEmpty();
  }

  @Test
  void tellsWhenTheGrantOfWhatIsSoHasBeenTakenAway() {
    reconcile(object("a", "shop-cart"));
    log.grantObjects("shop", role("shop-other"));

    ReadyCondition condition = condition(object("a", EARLY, false, cart().id(), "shop-cart"));

    assertThat(condition.reason()).isEqualTo(Reason.ROLE_NOT_PERMITTED);
    assertThat(condition.association()).contains(cart());
    assertThat(log.sent).hasSize(1);
  }

  @Test
  void saysThatTheLogIsAwayAndDoesItOnceItIsBack() {
    log.away(true);
    Reconciled away = reconcile(object("a", "shop-cart"));
    log.away(false);

    assertThat(away.effort()).isEqualTo(Effort.UNAVAILABLE);
    assertThat(condition(away, "a").reason()).isEqualTo(Reason.LOG_UNAVAILABLE);
    assertThat(condition(object("a", "shop-cart")).reason()).isEqualTo(Reason.ASSOCIATED);
  }

  @Test
  void hasRetractedNothingWhileAnotherObjectIsNotDecided() {
    reconcile(object("a", "shop-cart"));
    log.away(true);

    Reconciled done =
        reconcile(
            object("a", EARLY, true, cart().id(), "shop-cart"),
            object("b", LATE, false, null, "shop-other"));

    assertThat(done.retracted()).isFalse();
    assertThat(condition(done, "b").reason()).isEqualTo(Reason.LOG_UNAVAILABLE);
  }

  @Test
  void hasRetractedNothingWhileTheLogIsAway() {
    reconcile(object("a", "shop-cart"));
    log.away(true);

    Reconciled done = reconcile(object("a", EARLY, true, null, "shop-cart"));

    assertThat(done.retracted()).isFalse();
    assertThat(condition(done, "a").reason()).isEqualTo(Reason.LOG_UNAVAILABLE);
  }
}
