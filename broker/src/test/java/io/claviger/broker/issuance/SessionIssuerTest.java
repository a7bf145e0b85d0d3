package io.claviger.broker.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.AssociationSpec;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.RequestPriority;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.event.CredentialEvent;
import io.claviger.schemas.event.OpenedSession;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionIssuerTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private final VirtualMesh mesh = new VirtualMesh();
  private final Issuance broker = mesh.owner();

  @BeforeEach
  void associate() {
    mesh.table.put(Samples.association(1));
    mesh.pass(Duration.ofDays(1));
  }

  @Test
  void opensAFirstSessionAndSaysUnderWhatItCame() {
    CompletableFuture<IssueOutcome> outcome = mesh.issue(broker);

    assertThat(VirtualMesh.issued(outcome).accessKeyId()).isEqualTo("ASIA1");
    IssueOutcome.Issued issued = (IssueOutcome.Issued) outcome.join();
    assertThat(issued.association()).isEqualTo(Samples.association(1));
    assertThat(issued.sharedBy()).isEqualTo(TagScope.SERVICE_ACCOUNT);
    assertThat(issued.position()).isEqualTo(new Position(0, 1));
    assertThat(mesh.eventTypes()).containsExactly(CredentialEvent.Type.ISSUED);
    assertThat(mesh.events.getFirst().sessionName())
        .isEqualTo(mesh.sts.calls.getFirst().sessionName());
  }

  @Test
  void recordsHowStsWasAskedForASession() {
    mesh.sts.packedPolicySize = 7;

    VirtualMesh.issued(mesh.issue(broker));

    CredentialEvent event = mesh.events.getFirst();
    assertThat(event.roleArn()).isEqualTo("arn:aws:iam::111122223333:role/pods/cart");
    assertThat(event.stsRequestId()).isEqualTo("req-1");
    assertThat(event.session())
        .isEqualTo(new OpenedSession(mesh.sts.calls.getFirst().tags(), 7, 3_600, null));
    assertThat(event.session()).extracting(OpenedSession::tags).asString().contains("=cart");
  }

  @Test
  void recordsTheFirstOfTwoRoles() {
    mesh.table.put(
        Samples.association(
            2,
            new AssociationSpec(
                "shop",
                "cart",
                "arn:aws:iam::111122223333:role/hub",
                "arn:aws:iam::444455556666:role/cart",
                false,
                null,
                Map.of())));

    VirtualMesh.issued(mesh.issue(broker));

    CredentialEvent event = mesh.events.getFirst();
    assertThat(event.roleArn()).isEqualTo("arn:aws:iam::444455556666:role/cart");
    assertThat(event.session())
        .extracting(OpenedSession::firstRoleArn)
        .isEqualTo("arn:aws:iam::111122223333:role/hub");
  }

  @Test
  void answersByWhenItIsWaitedForAndKeepsWhatItHasBegun() {
    mesh.sts.holds = true;
    CompletableFuture<IssueOutcome> outcome =
        broker
            .issuer()
            .issue(Samples.CART, RequestPriority.FIRST, Position.NONE, Duration.ofMillis(700))
            .toCompletableFuture();
    mesh.passMillis(699);
    assertThat(outcome).isNotDone();
    mesh.passMillis(1);
    assertThat(outcome).isCompletedWithValueMatching(IssueOutcome.Unavailable.class::isInstance);

    mesh.sts.open(1);

    assertThat(VirtualMesh.issued(mesh.issue(broker)).accessKeyId()).isEqualTo("ASIA1");
    assertThat(mesh.sts.calls).hasSize(1);
  }

  @Test
  void answersFromTheStoreWhileASessionIsFresh() {
    SessionCredentials cached = mesh.store(1, "HELD", Duration.ofMinutes(26), HOUR);

    assertThat(VirtualMesh.issued(mesh.issue(broker))).isEqualTo(cached);
    assertThat(mesh.sts.calls).isEmpty();
  }

  @Test
  void opensTheNextSessionOnceThePartToRefreshAtIsReached() {
    mesh.store(1, "HELD", Duration.ofMinutes(27), HOUR);

    assertThat(VirtualMesh.issued(mesh.issue(broker, RequestPriority.ROUTINE)).accessKeyId())
        .isEqualTo("ASIA1");
    assertThat(mesh.eventTypes()).containsExactly(CredentialEvent.Type.REFRESHED);
  }

  @Test
  void refusesWhereNothingIsAssociatedAndSaysHowToAssociate() {
    mesh.store(1, "HELD", Duration.ZERO, HOUR);
    mesh.table.remove(AssociationKey.of(Samples.CART));

    IssueOutcome outcome = mesh.issue(broker).join();

    assertThat(outcome)
        .isInstanceOfSatisfying(
            IssueOutcome.Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(RefusalReason.NO_ASSOCIATION);
              assertThat(refused.message())
                  .contains("service account cart in namespace shop of cluster c1")
                  .contains("create-pod-identity-association");
              assertThat(refused.position()).isEqualTo(new Position(0, 2));
            });
    assertThat(mesh.eventTypes()).containsExactly(CredentialEvent.Type.REFUSED);
  }

  @Test
  void sendsTheRequesterElsewhereWhenItIsBehind() {
    CompletableFuture<IssueOutcome> outcome =
        broker
            .issuer()
            .issue(Samples.CART, RequestPriority.FIRST, new Position(0, 9))
            .toCompletableFuture();

    assertThat(outcome.join())
        .isInstanceOfSatisfying(
            IssueOutcome.Unavailable.class,
            unavailable -> assertThat(unavailable.retryAfter()).isZero());
  }

  @Test
  void servesWhatIsCachedWhenTheNextSessionCannotBeOpened() {
    mesh.sts.holds = true;
    SessionCredentials cached = mesh.store(1, "HELD", Duration.ofMinutes(50), HOUR);

    CompletableFuture<IssueOutcome> failing = mesh.issue(broker);
    mesh.sts.fail(1);
    assertThat(VirtualMesh.issued(failing)).isEqualTo(cached);

    mesh.passMillis(300);
    CompletableFuture<IssueOutcome> denied = mesh.issue(broker);
    mesh.sts.deny(2);
    assertThat(VirtualMesh.issued(denied)).isEqualTo(cached);
    assertThat(mesh.eventTypes())
        .containsExactly(CredentialEvent.Type.FAILED, CredentialEvent.Type.REFUSED);
  }

  @Test
  void servesWhatIsCachedWhenTheNextSessionTakesLongAndTheNextOneOnceItIsThere() {
    mesh.sts.holds = true;
    SessionCredentials cached = mesh.store(1, "HELD", Duration.ofMinutes(50), HOUR);

    CompletableFuture<IssueOutcome> slow = mesh.issue(broker);
    mesh.passMillis(399);
    assertThat(slow).isNotDone();
    mesh.passMillis(1);
    assertThat(VirtualMesh.issued(slow)).isEqualTo(cached);

    mesh.passMillis(1_000);
    mesh.sts.open(1);
    assertThat(VirtualMesh.issued(mesh.issue(broker)).accessKeyId()).isEqualTo("ASIA1");
    assertThat(mesh.sts.calls).hasSize(1);
  }

  @Test
  void neverServesWhatEndsTooSoon() {
    mesh.sts.holds = true;
    mesh.store(1, "HELD", Duration.ofMinutes(59), HOUR);

    CompletableFuture<IssueOutcome> outcome = mesh.issue(broker);
    mesh.passMillis(400);
    assertThat(outcome).isNotDone();
    mesh.sts.fail(1);

    assertThat(outcome.join()).isInstanceOf(IssueOutcome.Unavailable.class);
  }

  @Test
  void doesNotServeASessionThatIsBornTooShort() {
    mesh.sts.life = Duration.ofSeconds(60);

    assertThat(mesh.issue(broker).join()).isInstanceOf(IssueOutcome.Unavailable.class);
    assertThat(mesh.store.shared).isEmpty();
  }

  @Test
  void keepsNothingOfASessionWhoseAssociationChangedWhileStsTookItsTime() {
    mesh.sts.holds = true;
    CompletableFuture<IssueOutcome> outcome = mesh.issue(broker);
    mesh.passMillis(250);
    mesh.change(broker, Samples.association(2));
    mesh.passMillis(250);

    mesh.sts.open(1);
    assertThat(outcome).isNotDone();
    mesh.sts.open(2);
    mesh.passMillis(10);

    assertThat(VirtualMesh.issued(outcome).accessKeyId()).isEqualTo("ASIA2");
    assertThat(((IssueOutcome.Issued) outcome.join()).association().revision()).isEqualTo(2);
    assertThat(mesh.store.shared).containsOnlyKeys(VirtualMesh.plan(2).key());
    assertThat(mesh.store.puts).hasSize(1);
    assertThat(mesh.eventTypes())
        .containsExactly(CredentialEvent.Type.INVALIDATED, CredentialEvent.Type.ISSUED);
  }

  @Test
  void refusesWhenTheAssociationIsGoneWhileStsTookItsTime() {
    mesh.sts.holds = true;
    CompletableFuture<IssueOutcome> outcome = mesh.issue(broker);
    mesh.change(broker, null);

    mesh.sts.open(1);
    mesh.passMillis(10);

    assertThat(outcome.join())
        .isInstanceOfSatisfying(
            IssueOutcome.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(RefusalReason.NO_ASSOCIATION));
    assertThat(mesh.store.shared).isEmpty();
  }

  @Test
  void givesUpOnAnAssociationThatNeverRests() {
    mesh.sts.holds = true;
    CompletableFuture<IssueOutcome> outcome = mesh.issue(broker);
    for (int round = 1; round <= 3; round++) {
      mesh.change(broker, Samples.association(round + 1));
      mesh.sts.open(round);
    }

    assertThat(outcome.join()).isInstanceOf(IssueOutcome.Unavailable.class);
    assertThat(mesh.sts.calls).hasSize(3);
  }

  @Test
  void answersAtTheDeadlineWhenStsDoesNot() {
    mesh.sts.holds = true;
    CompletableFuture<IssueOutcome> outcome = mesh.issue(broker);

    mesh.passMillis(7_999);
    assertThat(outcome).isNotDone();
    mesh.passMillis(1);

    assertThat(outcome.join()).isInstanceOf(IssueOutcome.Unavailable.class);
    mesh.passMillis(300);
    mesh.sts.holds = false;
    assertThat(VirtualMesh.issued(mesh.issue(broker)).accessKeyId()).isEqualTo("ASIA2");
  }

  @Test
  void keepsForTheNextWhatStsOpensAfterTheDeadline() {
    mesh.sts.holds = true;
    CompletableFuture<IssueOutcome> late = mesh.issue(broker);
    mesh.passMillis(8_000);
    assertThat(late.join()).isInstanceOf(IssueOutcome.Unavailable.class);

    mesh.sts.open(1);
    mesh.passMillis(300);

    assertThat(VirtualMesh.issued(mesh.issue(broker)).accessKeyId()).isEqualTo("ASIA1");
    assertThat(mesh.eventTypes())
        .containsExactly(CredentialEvent.Type.FAILED, CredentialEvent.Type.ISSUED);
  }

  @Test
  void staysReadyForOthersWhenWhoeverAskedFirstLeaves() {
    mesh.sts.holds = true;
    CompletableFuture<IssueOutcome> leaves = mesh.issue(broker);
    CompletableFuture<IssueOutcome> stays = mesh.issue(broker);

    leaves.cancel(true);
    mesh.sts.open(1);

    assertThat(VirtualMesh.issued(stays).accessKeyId()).isEqualTo("ASIA1");
    assertThat(VirtualMesh.issued(mesh.issue(broker)).accessKeyId()).isEqualTo("ASIA1");
    assertThat(mesh.sts.calls).hasSize(1);
  }

  @Test
  void remembersADenialForFiveSeconds() {
    mesh.sts.holds = true;
    CompletableFuture<IssueOutcome> first = mesh.issue(broker);
    mesh.sts.deny(1);
    assertThat(first.join())
        .isInstanceOfSatisfying(
            IssueOutcome.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(RefusalReason.ROLE_DENIED));

    mesh.passMillis(4_999);
    assertThat(mesh.issue(broker).join()).isInstanceOf(IssueOutcome.Refused.class);
    assertThat(mesh.sts.calls).hasSize(1);

    mesh.passMillis(1);
    mesh.sts.holds = false;
    assertThat(VirtualMesh.issued(mesh.issue(broker)).accessKeyId()).isEqualTo("ASIA2");
  }

  @Test
  void remembersAFailureForAQuarterOfASecond() {
    mesh.sts.holds = true;
    CompletableFuture<IssueOutcome> first = mesh.issue(broker);
    mesh.sts.fail(1);
    assertThat(first.join()).isInstanceOf(IssueOutcome.Unavailable.class);

    mesh.passMillis(249);
    assertThat(mesh.issue(broker).join()).isInstanceOf(IssueOutcome.Unavailable.class);
    assertThat(mesh.sts.calls).hasSize(1);

    mesh.passMillis(1);
    assertThat(mesh.issue(broker)).isNotDone();
    assertThat(mesh.sts.calls).hasSize(2);
  }

  @Test
  void answersWhoeverWaitsWhenTheBrokerStops() {
    mesh.sts.holds = true;
    CompletableFuture<IssueOutcome> waits = mesh.issue(broker);

    broker.close();

    assertThat(waits.join()).isInstanceOf(IssueOutcome.Unavailable.class);
  }
}
