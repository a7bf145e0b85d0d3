package io.claviger.broker.adapter.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.adapter.hazelcast.PeerMembers;
import io.claviger.broker.ingress.Certificates;
import io.claviger.broker.issuance.Issuance;
import io.claviger.broker.issuance.RoleSessions.Result;
import io.claviger.broker.telemetry.Meters;
import io.claviger.config.cluster.ClusteredVertx;
import io.claviger.config.load.LoopLag;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.OpenResult;
import io.claviger.schemas.bus.OpenSession;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** One broker asks another over the clustered event bus. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PeerSessionsIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final Scheduler scheduler = Schedulers.newSingle("owner", true);
  private final int ownerBus = freePort();
  @TempDir private static Path directory;
  private Brokers brokers;
  private ClusteredVertx requester;
  private ClusteredVertx owner;
  private String deployment = "";
  private volatile boolean serves = true;
  private final Set<String> lost = ConcurrentHashMap.newKeySet();
  private volatile CompletableFuture<Result> sts = new CompletableFuture<>();

  @BeforeAll
  void join() throws Exception {
    brokers = new Brokers(directory);
    requester = brokers.join("requester", 0);
    owner = brokers.join("owner", ownerBus);
  }

  @BeforeEach
  void deployTheOwner() throws Exception {
    sts =
        CompletableFuture.completedFuture(new Result.Opened(OneAssociation.SESSION, "req-1", null));
    Issuance issuance = OneAssociation.issuance(request -> sts, scheduler);
    deployment =
        Brokers.await(
            owner
                .vertx()
                .deployVerticle(
                    new OwnerVerticle(
                        issuance.handler(), () -> serves, owner.nodeId(), scheduler::schedule)));
  }

  @AfterEach
  void undeployTheOwner() throws Exception {
    if (owner.vertx().deploymentIDs().contains(deployment)) {
      Brokers.await(owner.vertx().undeploy(deployment));
    }
  }

  @AfterAll
  void leave() throws Exception {
    brokers.close();
    scheduler.dispose();
  }

  @Test
  void bringsTheSessionThatTheOwnerOpened() throws Exception {
    assertThat(ask(owner.nodeId())).isEqualTo(new OpenResult.Opened(OneAssociation.SESSION));
  }

  @Test
  void saysThatTheOwnerIsAtWork() throws Exception {
    CompletableFuture<Result> slow = new CompletableFuture<>();
    sts = slow;
    assertThat(ask(owner.nodeId())).isEqualTo(new OpenResult.Working());

    slow.complete(new Result.Opened(OneAssociation.SESSION, "req-1", null));

    assertThat(ask(owner.nodeId())).isInstanceOf(OpenResult.Opened.class);
  }

  @Test
  void showsThatItLivesBeforeItReadsWhatItIsAsked() throws Exception {
    DeliveryOptions sign = new DeliveryOptions().addHeader(OwnerVerticle.SIGN_OF_LIFE, "");

    Message<String> reply =
        Brokers.await(
            requester
                .vertx()
                .eventBus()
                .request(BusProtocol.ownerAddress(owner.nodeId()), "no json", sign));

    assertThat(SchemaJson.read(reply.body(), OpenResult.class)).isEqualTo(new OpenResult.Working());
  }

  @Test
  void opensTheSessionThatASignOfLifeWasAskedFor() throws Exception {
    CompletableFuture<Result> slow = new CompletableFuture<>();
    sts = slow;
    OpenSession first = OneAssociation.REQUEST;
    OpenSession sign =
        new OpenSession(
            first.version(), first.key(), first.workload(), first.priority(), first.position(), 0);

    assertThat(ask(owner.nodeId(), sign)).isEqualTo(new OpenResult.Working());

    await().until(() -> slow.getNumberOfDependents() > 0);
  }

  @Test
  void takesAnOwnerForLostThatIsSilentHoweverOftenItIsAsked() throws Exception {
    lost.clear();
    Brokers.await(
        requester
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
    undeployTheOwner();

    // Members know of it a moment later: until then it is silent.
    await()
        .untilAsserted(
            () -> {
              assertThatThrownBy(() -> ask(owner.nodeId()))
                  .hasMessageContaining(BusProtocol.ownerAddress(owner.nodeId()));
              assertThat(lost).contains(owner.nodeId());
            });
  }

  @Test
  void takesAnOwnerThatIsUnableForLost() throws Exception {
    lost.clear();
    assertThat(ask(owner.nodeId())).isInstanceOf(OpenResult.Opened.class);
    assertThat(lost).isEmpty();

    OpenResult reply = ask(owner.nodeId(), OneAssociation.OF_ANOTHER_SCOPE);

    assertThat(reply).isInstanceOf(OpenResult.Failed.class);
    assertThat(lost).containsExactly(owner.nodeId());
  }

  @Test
  void failsAtOnceForWhatIsNoRequest() {
    for (Object body : new Object[] {"{}", "no json", "[1]"}) {
      assertThatThrownBy(
              () ->
                  Brokers.await(
                      requester
                          .vertx()
                          .eventBus()
                          .request(BusProtocol.ownerAddress(owner.nodeId()), body)))
          .hasMessageNotContaining("Timed out");
    }
  }

  @Test
  void sendsNoJavaSerializedObject() {
    assertThatThrownBy(
            () ->
                requester
                    .vertx()
                    .eventBus()
                    .request(BusProtocol.ownerAddress(owner.nodeId()), new ArrayList<String>()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void probesAMemberUntilItServes() throws Exception {
    undeployTheOwner();
    serves = false;
    MeterRegistry meters = new SimpleMeterRegistry();
    PeerProbe probe = new PeerProbe(requester.vertx(), meters);
    PeerMembers.watch(requester.hazelcast(), probe::joined, probe::left);
    assertThat(probe.completed()).isFalse();

    deployTheOwner();

    await().atMost(Duration.ofSeconds(4)).until(probe::completed);
    assertThat(probe.serving()).isEmpty();
    assertThat(peers(meters, "silent")).isEqualTo(1);

    serves = true;

    await().until(() -> probe.serving().equals(Set.of(owner.nodeId())));
    assertThat(peers(meters, "silent")).isZero();
    assertThat(peers(meters, "serving")).isEqualTo(1);
  }

  @Test
  void takesAMemberThatIsLostForServingOnlyOnceItSaysSoAgain() throws Exception {
    PeerProbe probe = new PeerProbe(requester.vertx(), new SimpleMeterRegistry());
    probe.joined(owner.nodeId());
    await().until(() -> probe.serving().contains(owner.nodeId()));
    undeployTheOwner();

    probe.lost(owner.nodeId());

    assertThat(probe.serving()).isEmpty();
    deployTheOwner();
    await().until(() -> probe.serving().contains(owner.nodeId()));
    probe.left(owner.nodeId());
    assertThat(probe.serving()).isEmpty();
  }

  @Test
  void probesAgainWhoServesWhichChangesNothing() throws Exception {
    PeerProbe probe = new PeerProbe(requester.vertx(), new SimpleMeterRegistry());
    Brokers.await(probe.probeAgain(1));
    probe.joined(owner.nodeId());
    await().until(() -> probe.serving().contains(owner.nodeId()));
    Brokers.await(probe.probeAgain(2));
    undeployTheOwner();

    Brokers.await(probe.probeAgain(3));

    assertThat(probe.serving()).containsExactly(owner.nodeId());
  }

  @Test
  void waitsForNoProbeOfAMemberThatHasLeft() {
    PeerProbe probe = new PeerProbe(requester.vertx(), new SimpleMeterRegistry());
    probe.joined("no-such-node");
    assertThat(probe.completed()).isFalse();

    probe.left("no-such-node");

    assertThat(probe.completed()).isTrue();
  }

  @Test
  void letsNobodyOntoTheBusWithoutACertificateOfItsAuthority() throws Exception {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Certificates others = new Certificates(elsewhere);
    others.issue("intruder");
    PemKeyCertOptions foreign =
        new PemKeyCertOptions()
            .setCertPath(others.certificate("intruder").toString())
            .setKeyPath(others.key("intruder").toString());
    PemKeyCertOptions own =
        new PemKeyCertOptions()
            .setCertPath(brokers.certificates.certificate("requester").toString())
            .setKeyPath(brokers.certificates.key("requester").toString());

    assertThat(isClosed(null, Duration.ofSeconds(20))).isTrue();
    assertThat(isClosed(foreign, Duration.ofSeconds(20))).isTrue();
    await().atMost(Duration.ofSeconds(30)).until(() -> !isClosed(own, Duration.ofSeconds(2)));
  }

  /** Whether the bus closes a connection by then: one that it does not want it closes at once. */
  private boolean isClosed(@Nullable PemKeyCertOptions certificate, Duration by) throws Exception {
    Vertx vertx = Vertx.vertx();
    NetClientOptions options =
        new NetClientOptions()
            .setSsl(true)
            .setHostnameVerificationAlgorithm("")
            .setTrustOptions(
                new PemTrustOptions().addCertPath(brokers.certificates.authorityFile().toString()));
    if (certificate != null) {
      options.setKeyCertOptions(certificate);
    }
    CompletableFuture<Void> closed = new CompletableFuture<>();
    NetClient stranger = vertx.createNetClient(options);
    try {
      // Listens for the end on the connection's own thread: it may come at once.
      Brokers.await(
          stranger
              .connect(ownerBus, "127.0.0.1")
              .map(socket -> socket.closeHandler(end -> closed.complete(null))));
      closed.get(by.toSeconds(), TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return true;
    } finally {
      // Referred to until here: of one that nobody refers to the garbage collector ends
      // connections.
      Brokers.await(stranger.close());
      Brokers.await(vertx.close());
    }
  }

  private static double peers(MeterRegistry meters, String state) {
    return meters.get(Meters.PEERS).tag(Meters.STATE, state).gauge().value();
  }

  private OpenResult ask(String nodeId) throws Exception {
    return ask(nodeId, OneAssociation.REQUEST);
  }

  private OpenResult ask(String nodeId, OpenSession request) throws Exception {
    return sessions().ask(nodeId, request, TIMEOUT).toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private BusPeerSessions sessions() {
    return new BusPeerSessions(
        requester.vertx().eventBus(),
        lost::add,
        LoopLag.of(requester.vertx(), requester.vertx().getOrCreateContext()));
  }

  private static int freePort() {
    try {
      return Brokers.freePort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
