package io.claviger.broker.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.telemetry.Meters;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.OpenResult;
import io.claviger.schemas.bus.OpenSession;
import io.claviger.schemas.bus.RequestPriority;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.bus.SessionKey;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OwnerHandlerTest {
  private final VirtualMesh mesh = new VirtualMesh();
  private final OwnerHandler handler = mesh.owner().handler();

  @BeforeEach
  void associate() {
    mesh.table.put(Samples.association(1));
  }

  @Test
  void repliesAsSoonAsTheSessionIsOpen() {
    mesh.sts.holds = true;
    CompletableFuture<OpenResult> reply = ask(VirtualMesh.plan(1).key(), Position.NONE);
    mesh.passMillis(60);
    mesh.sts.open(1);

    assertThat(reply.join())
        .isInstanceOfSatisfying(
            OpenResult.Opened.class,
            opened -> assertThat(opened.credentials().accessKeyId()).isEqualTo("ASIA1"));
  }

  @Test
  void showsAtOnceThatItLivesWhenAskedFor() {
    mesh.sts.holds = true;

    assertThat(ask(VirtualMesh.plan(1).key(), Position.NONE, 0).join())
        .isEqualTo(new OpenResult.Working());

    mesh.sts.open(1);
    assertThat(ask(VirtualMesh.plan(1).key(), Position.NONE, 0).join())
        .isInstanceOf(OpenResult.Opened.class);
    assertThat(mesh.sts.calls).hasSize(1);
  }

  @Test
  void takesNoTurnForASessionThatIsThere() {
    SessionCredentials cached = mesh.store(1, "HELD", Duration.ofMinutes(26), Duration.ofHours(1));

    assertThat(ask(VirtualMesh.plan(1).key(), Position.NONE, 0).join())
        .isEqualTo(new OpenResult.Opened(cached));

    assertThat(mesh.meters.get(Meters.STS_OPEN_WAIT).timers()).allMatch(wait -> wait.count() == 0);
  }

  @Test
  void saysThatItIsAtWorkWhenItsTimeIsOver() {
    mesh.sts.holds = true;
    CompletableFuture<OpenResult> first = ask(VirtualMesh.plan(1).key(), Position.NONE);

    mesh.passMillis(99);
    assertThat(first).isNotDone();
    mesh.passMillis(1);
    assertThat(first.join()).isEqualTo(new OpenResult.Working());

    mesh.sts.open(1);
    assertThat(ask(VirtualMesh.plan(1).key(), Position.NONE).join())
        .isInstanceOf(OpenResult.Opened.class);
    assertThat(mesh.sts.calls).hasSize(1);
  }

  @Test
  void namesItsPositionWhenTheAssociationIsAnother() {
    mesh.table.put(Samples.association(2));

    assertThat(ask(VirtualMesh.plan(1).key(), Position.NONE).join())
        .isEqualTo(new OpenResult.Changed(new Position(0, 2)));
    assertThat(mesh.sts.calls).isEmpty();
  }

  @Test
  void leavesTheWorkToARequesterThatIsAhead() {
    assertThat(ask(VirtualMesh.plan(1).key(), new Position(0, 7)).join())
        .isInstanceOfSatisfying(
            OpenResult.Failed.class, failed -> assertThat(failed.retryAfterMillis()).isZero());
  }

  @Test
  void opensNoSessionUnderAKeyThatIsNotTheWorkloads() {
    SessionKey forged = new SessionKey("c1", "a-12345678901234567", 1, "bank/vault");

    assertThat(ask(forged, Position.NONE).join()).isInstanceOf(OpenResult.Failed.class);
    assertThat(mesh.sts.calls).isEmpty();
  }

  private CompletableFuture<OpenResult> ask(SessionKey key, Position position) {
    return ask(key, position, 100);
  }

  private CompletableFuture<OpenResult> ask(SessionKey key, Position position, long waitMillis) {
    return handler
        .open(new OpenSession(1, key, Samples.CART, RequestPriority.FIRST, position, waitMillis))
        .toCompletableFuture();
  }
}
