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
import org.junit.jupiter.api.Test;

class SessionIssuerTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private final VirtualMesh mesh = new VirtualMesh();
  private final Issuance broker = mesh.ownerOnItsSecondDay();

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
  void doesNotServeASessionThatIsBornTooShort() {
    mesh.sts.life = Duration.ofSeconds(60);

    assertThat(mesh.issue(broker).join()).isInstanceOf(IssueOutcome.Unavailable.class);
    assertThat(mesh.store.shared).isEmpty();
  }
}
