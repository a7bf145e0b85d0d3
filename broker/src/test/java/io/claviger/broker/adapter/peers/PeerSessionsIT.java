package io.claviger.broker.adapter.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.issuance.RoleSessions.Result;
import io.claviger.config.load.LoopLag;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.OpenResult;
import io.claviger.schemas.bus.OpenSession;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** One broker requests a session from another over the clustered event bus. */
class PeerSessionsIT extends PeerCase {

  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private final Set<String> lost = ConcurrentHashMap.newKeySet();

  @Test
  void bringsTheSessionThatTheOwnerOpened() throws Exception {
    assertThat(ask(mesh.owner.nodeId())).isEqualTo(new OpenResult.Opened(OneAssociation.SESSION));
  }

  @Test
  void saysThatTheOwnerIsAtWork() throws Exception {
    CompletableFuture<Result> slow = new CompletableFuture<>();
    mesh.sts = slow;
    assertThat(ask(mesh.owner.nodeId())).isEqualTo(new OpenResult.Working());

    slow.complete(new Result.Opened(OneAssociation.SESSION, "req-1", null));

    assertThat(ask(mesh.owner.nodeId())).isInstanceOf(OpenResult.Opened.class);
  }

  @Test
  void showsThatItLivesBeforeItReadsWhatItIsAsked() throws Exception {
    DeliveryOptions sign = new DeliveryOptions().addHeader(OwnerVerticle.SIGN_OF_LIFE, "");

    Message<String> reply = Brokers.await(mesh.request("no json", sign));

    assertThat(SchemaJson.read(reply.body(), OpenResult.class)).isEqualTo(new OpenResult.Working());
  }

  @Test
  void opensTheSessionThatASignOfLifeWasAskedFor() throws Exception {
    CompletableFuture<Result> slow = new CompletableFuture<>();
    mesh.sts = slow;
    OpenSession first = OneAssociation.REQUEST;
    OpenSession sign =
        new OpenSession(
            first.version(), first.key(), first.workload(), first.priority(), first.position(), 0);

    assertThat(ask(mesh.owner.nodeId(), sign)).isEqualTo(new OpenResult.Working());

    await().until(() -> slow.getNumberOfDependents() > 0);
  }

  @Test
  void takesAnOwnerForLostThatIsSilentHoweverOftenItIsAsked() throws Exception {
    lost.clear();
    Brokers.await(
        mesh.requester
            .vertx()
            .eventBus()
            .consumer(BusProtocol.ownerAddress("mute"), message -> {})
            .completion());
    BusPeerSessions sessions = sessions();
    for (int i = 0; i < 3; i++) {
      assertThat(lost).isEmpty();
      assertThatThrownBy(
              () ->
                  sessions
                      .ask("mute", OneAssociation.REQUEST, Duration.ofMillis(50))
                      .toCompletableFuture()
                      .get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(TimeoutException.class);
    }

    assertThat(lost).containsExactly("mute");
  }

  @Test
  void failsWhenNobodyIsThere() {
    assertThatThrownBy(() -> ask("no-such-node")).hasMessageContaining("claviger.own.no-such-node");
  }

  @Test
  void failsOnceTheOwnerIsUndeployed() throws Exception {
    mesh.undeployTheOwner();

    // Members see the registration slightly later: until then the broker is silent.
    await()
        .untilAsserted(
            () -> {
              assertThatThrownBy(() -> ask(mesh.owner.nodeId()))
                  .hasMessageContaining(BusProtocol.ownerAddress(mesh.owner.nodeId()));
              assertThat(lost).contains(mesh.owner.nodeId());
            });
  }

  @Test
  void takesAnOwnerThatIsUnableForLost() throws Exception {
    lost.clear();
    assertThat(ask(mesh.owner.nodeId())).isInstanceOf(OpenResult.Opened.class);
    assertThat(lost).isEmpty();

    OpenResult reply = ask(mesh.owner.nodeId(), OneAssociation.OF_ANOTHER_SCOPE);

    assertThat(reply).isInstanceOf(OpenResult.Failed.class);
    assertThat(lost).containsExactly(mesh.owner.nodeId());
  }

  @Test
  void failsAtOnceForWhatIsNoRequest() {
    for (Object body : new Object[] {"{}", "no json", "[1]"}) {
      assertThatThrownBy(() -> Brokers.await(mesh.request(body)))
          .hasMessageNotContaining("Timed out");
    }
  }

  @Test
  void sendsNoJavaSerializedObject() {
    assertThatThrownBy(() -> mesh.request(new ArrayList<String>()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private OpenResult ask(String nodeId) throws Exception {
    return ask(nodeId, OneAssociation.REQUEST);
  }

  private OpenResult ask(String nodeId, OpenSession request) throws Exception {
    return sessions().ask(nodeId, request, TIMEOUT).toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private BusPeerSessions sessions() {
    return new BusPeerSessions(
        mesh.requester.vertx().eventBus(),
        lost::add,
        LoopLag.of(mesh.requester.vertx(), mesh.requester.vertx().getOrCreateContext()));
  }
}
