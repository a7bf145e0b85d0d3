package io.claviger.checker;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.checker.Violation.Kind;
import io.claviger.stsfake.AssumedRole;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class AnswerCheckerTest {

  private static final Instant NOON = Instant.parse("2026-12-01T12:00:00Z");
  private static final Duration PROMISED = Duration.ofSeconds(1);
  private static final String OLD = "arn:aws:iam::123456789012:role/pods/old";
  private static final String NEW = "arn:aws:iam::123456789012:role/pods/new";

  private final RoleHistory history = new RoleHistory();
  private final List<AssumedRole> sts = new ArrayList<>();

  private Optional<Kind> check(Answer answer) {
    return new AnswerChecker(history, sts, (edge, at) -> PROMISED)
        .check(answer)
        .map(Violation::kind);
  }

  private void given(String role, int askedAt, @Nullable Integer acknowledgedAt) {
    RoleHistory.Change change = history.asked("shop/cart", role, at(askedAt));
    if (acknowledgedAt != null) {
      change.acknowledged(at(acknowledgedAt));
    }
  }

  private void issued(String key, String role, String serviceAccount) {
    sts.add(assumed(at(0), role, serviceAccount, key, null));
  }

  private void denied(String role, int at) {
    sts.add(assumed(at(at), role, "cart", null, "AccessDenied"));
  }

  private static AssumedRole assumed(
      Instant at,
      String role,
      String serviceAccount,
      @Nullable String key,
      @Nullable String error) {
    return new AssumedRole(
        at,
        "r-1",
        "arn:aws:iam::123456789012:role/broker",
        role,
        "session",
        Map.of("kubernetes-namespace", "shop", "kubernetes-service-account", serviceAccount),
        List.of(),
        null,
        null,
        3600,
        key,
        key == null ? null : at(3_600_000),
        error);
  }

  private static Instant at(int millis) {
    return NOON.plusMillis(millis);
  }

  private static Answer served(String key, int dueAt) {
    return new Answer("shop/cart", "node-1", "node-1", at(dueAt), at(dueAt + 10), 200, key);
  }

  private static Answer refused(int dueAt) {
    return new Answer("shop/cart", "node-1", "node-1", at(dueAt), at(dueAt + 10), 403, "");
  }

  @Test
  void aSessionOfTheRoleThatItHasIsAllowed() {
    given(OLD, 0, 100);
    issued("K1", OLD, "cart");

    assertThat(check(served("K1", 50))).isEmpty();
    assertThat(check(served("K1", 60_000))).isEmpty();
  }

  @Test
  void theRoleBeforeIsAllowedForASecondAfterTheNextWasAcknowledged() {
    given(OLD, 0, 100);
    given(NEW, 5_000, 6_000);
    issued("K1", OLD, "cart");
    issued("K2", NEW, "cart");

    assertThat(check(served("K1", 6_999))).isEmpty();
    assertThat(check(served("K1", 7_000))).contains(Kind.OLD_ROLE);
    assertThat(check(served("K2", 5_500))).isEmpty();
    assertThat(check(served("K2", 4_000))).contains(Kind.ROLE_NOT_GIVEN);
  }

  @Test
  void bothRolesAreAllowedAfterAChangeThatNobodyAcknowledged() {
    given(OLD, 0, 100);
    given(NEW, 5_000, null);
    issued("K1", OLD, "cart");
    issued("K2", NEW, "cart");

    assertThat(check(served("K1", 60_000))).isEmpty();
    assertThat(check(served("K2", 60_000))).isEmpty();
  }

  @Test
  void aRoleThatItHasAgainIsAllowed() {
    given(OLD, 0, 100);
    given(NEW, 1_000, 1_100);
    given(OLD, 2_000, 2_100);
    issued("K1", OLD, "cart");

    assertThat(check(served("K1", 60_000))).isEmpty();
  }

  @Test
  void sessionsThatItMayNotHaveAreSeen() {
    given(OLD, 0, 100);
    issued("K1", OLD, "cart");
    issued("K2", OLD, "checkout");
    issued("K3", NEW, "cart");

    assertThat(check(served("unknown", 1_000))).contains(Kind.UNKNOWN_SESSION);
    assertThat(check(served("K2", 1_000))).contains(Kind.ANOTHERS_SESSION);
    assertThat(check(served("K3", 1_000))).contains(Kind.ROLE_NOT_GIVEN);
    assertThat(check(served("K1", 3_600_000))).contains(Kind.EXPIRED_SESSION);
  }

  @Test
  void noTokenIsGoodAtTheEdgeOfAnotherNode() {
    given(OLD, 0, 100);
    issued("K1", OLD, "cart");

    assertThat(check(new Answer("shop/cart", "node-1", "node-2", at(1_000), at(1_010), 200, "K1")))
        .contains(Kind.ANOTHER_NODE);
    assertThat(check(new Answer("shop/cart", "node-1", "node-2", at(1_000), at(1_010), 403, "")))
        .isEmpty();
  }

  @Test
  void whoHasARoleIsNotRefused() {
    given(OLD, 0, 100);

    assertThat(check(refused(1_000))).isEmpty();
    assertThat(check(refused(1_100))).contains(Kind.WRONG_REFUSAL);
  }

  @Test
  void aRefusalIsAllowedSoonAfterStsHasDeniedTheRole() {
    given(OLD, 0, 100);
    denied(NEW, 3_000);
    denied(OLD, 5_000);

    assertThat(check(refused(4_000))).contains(Kind.WRONG_REFUSAL);
    assertThat(check(refused(6_000))).isEmpty();
    assertThat(check(refused(16_000))).contains(Kind.WRONG_REFUSAL);
  }

  @Test
  void noAnswerIsNoWrongAnswer() {
    given(OLD, 0, 100);

    assertThat(check(new Answer("shop/cart", "node-1", "node-1", at(0), at(10), 503, "")))
        .isEmpty();
    assertThat(check(new Answer("shop/cart", "node-1", "node-1", at(0), at(10), -1, ""))).isEmpty();
  }
}
