package io.claviger.schemas.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.event.ServedFrom;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BusRecordsTest {

  private static final String SECRET = "s3cr3t";
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.5Z");
  private static final int VERSION = BusProtocol.VERSION;
  private static final Position AT = new Position(7, 9);
  private static final WorkloadIdentity POD =
      new WorkloadIdentity("prod-1", "shop", "cart", "cart-1", "uid-1", "node-1");
  private static final SessionCredentials CREDENTIALS =
      new SessionCredentials(
          "ASIA1",
          SECRET + "-key",
          SECRET + "-token",
          "111122223333",
          "arn",
          "AROA1:s",
          NOW,
          NOW.plusSeconds(3600));
  private static final SessionKey KEY = new SessionKey("prod-1", "a-1", 3, "shop/cart");

  private static final Sync.Known CACHED =
      new Sync.Known(new AssociationKey("prod-1", "shop", "cart"), "a-1", 3);

  static Stream<Arguments> records() {
    return Stream.of(
        Arguments.of(new Login(VERSION, SECRET), Login.class),
        Arguments.of(
            new LoginReply(VERSION, "broker-1", "prod-1", "node-1", "uid-1", NOW, AT),
            LoginReply.class),
        Arguments.of(
            new LoginReply(VERSION, "broker-1", "prod-1", "node-1", null, NOW, AT),
            LoginReply.class),
        Arguments.of(
            new CredentialRequest(VERSION, SECRET, RequestPriority.FIRST, AT, null),
            CredentialRequest.class),
        Arguments.of(
            new CredentialRequest(VERSION, SECRET, RequestPriority.FIRST, AT, 900L),
            CredentialRequest.class),
        Arguments.of(issued(), CredentialReply.class),
        Arguments.of(
            new CredentialReply.Refused(RefusalReason.NO_ASSOCIATION, "none", null, AT),
            CredentialReply.class),
        Arguments.of(new CredentialReply.Unavailable("later", 200), CredentialReply.class),
        Arguments.of(
            new OpenSession(VERSION, KEY, POD, RequestPriority.ROUTINE, AT, 100),
            OpenSession.class),
        Arguments.of(new OpenResult.Working(), OpenResult.class),
        Arguments.of(new OpenResult.Opened(CREDENTIALS), OpenResult.class),
        Arguments.of(new OpenResult.Denied(RefusalReason.ROLE_DENIED, "no"), OpenResult.class),
        Arguments.of(new OpenResult.Failed("later", 5), OpenResult.class),
        Arguments.of(SnapshotRequest.offer(), SnapshotRequest.class),
        Arguments.of(SnapshotRequest.page("d1", 200), SnapshotRequest.class),
        Arguments.of(
            new SnapshotReply.Offered("d1", 3, Map.of("prod-1", AT), 1_500), SnapshotReply.class),
        Arguments.of(new SnapshotReply.Page(List.of(), List.of()), SnapshotReply.class),
        Arguments.of(new SnapshotReply.Changed(), SnapshotReply.class),
        Arguments.of(new SnapshotReply.NotCaughtUp(), SnapshotReply.class),
        Arguments.of(
            new PublishedKeys(VERSION, "prod-1", "iss", "aud", "{}", NOW), PublishedKeys.class),
        Arguments.of(
            new Sync(VERSION, AT, List.of(CACHED, Sync.Known.refused(CACHED.key()))), Sync.class),
        Arguments.of(new SyncReply.Synced(AT, List.of(CACHED)), SyncReply.class),
        Arguments.of(new SyncReply.Behind(AT), SyncReply.class),
        Arguments.of(
            new NodeEvents(
                VERSION,
                List.of(
                    delivered("shop", "cart", "cart-1", "ASIA1", null),
                    new NodeEvent.StalenessExceeded(NOW),
                    new NodeEvent.StalenessEnded(NOW))),
            NodeEvents.class),
        Arguments.of(new NodeEventsReply(2, 500), NodeEventsReply.class),
        Arguments.of(new OpenResult.Changed(AT), OpenResult.class),
        Arguments.of(
            new RevokedPods(VERSION, AT, true, List.of("shop/cart-1", "uid-1")), RevokedPods.class),
        Arguments.of(
            new PodReport(VERSION, true, List.of(new PodReport.Pod("shop", "cart-1", "uid-1"))),
            PodReport.class),
        Arguments.of(
            new PodReportReply(
                PodPolicy.PREFERRED, List.of("uid-1"), List.of("uid-2"), List.of("uid-2")),
            PodReportReply.class),
        Arguments.of(new PodsGone(VERSION, List.of("uid-1")), PodsGone.class),
        Arguments.of(
            new AssociationChanged(
                VERSION, new AssociationKey("prod-1", "shop", "cart"), 4, AT.next(), AT),
            AssociationChanged.class));
  }

  @ParameterizedTest
  @MethodSource("records")
  void recordTravelsAndArrivesEqual(Object record, Class<?> type) {
    assertThat((Object) SchemaJson.read(SchemaJson.write(record), type)).isEqualTo(record);
  }

  @ParameterizedTest
  @MethodSource("records")
  void recordNeverPrintsASecret(Object record, Class<?> type) {
    assertThat(record.toString()).doesNotContain(SECRET);
  }

  @Test
  void credentialsPrintWhatNamesThemAndWhenTheyEnd() {
    assertThat(CREDENTIALS.toString()).contains("ASIA1").contains("2026-03-01T11:00:00.500Z");
  }

  @Test
  void credentialRequestSaysHowLongItIsWaitedForOnlyWhereThatIsKnown() {
    CredentialRequest unknown =
        new CredentialRequest(VERSION, SECRET, RequestPriority.FIRST, AT, null);

    assertThat(SchemaJson.write(unknown)).doesNotContain("waitMillis");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CredentialRequest(VERSION, SECRET, RequestPriority.FIRST, AT, 0L))
        .withMessage("waitMillis is not positive");
  }

  @Test
  void syncOfTheLongestNamesFitsIntoAFrameAndTakesNoMore() {
    Sync.Known longest =
        new Sync.Known(
            new AssociationKey("c".repeat(100), "n".repeat(63), "s".repeat(253)),
            "a".repeat(36),
            Long.MAX_VALUE);
    Position far = new Position(Long.MAX_VALUE, Long.MAX_VALUE);
    List<Sync.Known> most = Collections.nCopies(Sync.MAX_KNOWN, longest);

    assertThat(SchemaJson.writeBytes(new Sync(1, far, most)).length)
        .isLessThan(BusProtocol.MAX_FRAME_BYTES - 1024);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Sync(1, far, Collections.nCopies(Sync.MAX_KNOWN + 1, longest)));
  }

  @Test
  void podReportOfTheLongestNamesFitsIntoAFrameAndTakesNoMore() {
    PodReport.Pod longest = new PodReport.Pod("n".repeat(63), "p".repeat(253), "u".repeat(64));
    List<PodReport.Pod> most = Collections.nCopies(PodReport.MAX_PODS, longest);

    assertThat(SchemaJson.writeBytes(new PodReport(1, true, most)).length)
        .isLessThan(BusProtocol.MAX_FRAME_BYTES - 1024);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new PodReport(1, true, Collections.nCopies(PodReport.MAX_PODS + 1, longest)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PodReport.Pod("shop", "cart-1", "u".repeat(65)));
  }

  @Test
  void goneUidsFitIntoAFrameAndAreNoMore() {
    String uid = "u".repeat(64);

    assertThat(
            SchemaJson.writeBytes(new PodsGone(1, Collections.nCopies(PodsGone.MAX_UIDS, uid)))
                .length)
        .isLessThan(BusProtocol.MAX_FRAME_BYTES - 1024);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PodsGone(1, Collections.nCopies(PodsGone.MAX_UIDS + 1, uid)));
  }

  @Test
  void nodeEventsOfTheLongestNamesFitIntoAFrameAndAreNoMore() {
    NodeEvent longest =
        delivered(
            "n".repeat(63), "s".repeat(253), "p".repeat(253), "A".repeat(128), "r".repeat(64));
    List<NodeEvent> most = Collections.nCopies(NodeEvents.MAX_EVENTS, longest);

    assertThat(SchemaJson.writeBytes(new NodeEvents(1, most)).length)
        .isLessThan(BusProtocol.MAX_FRAME_BYTES - 1024);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new NodeEvents(1, Collections.nCopies(NodeEvents.MAX_EVENTS + 1, longest)));
  }

  @Test
  void deliveryTakesNoNameThatIsLongerThanThereAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> delivered("n".repeat(64), "cart", "cart-1", "ASIA1", null))
        .withMessageContaining("namespace");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> delivered("shop", "cart", "cart-1", "A".repeat(129), null))
        .withMessageContaining("accessKeyId");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> delivered("shop", "cart", " ", "ASIA1", null))
        .withMessageContaining("podName");
  }

  @Test
  void malformedRecordIsReportedWithoutItsContent() {
    String json = "{\"version\":1,\"token\":{\"" + SECRET + "\":1}}";

    assertThat(catchThrowable(() -> SchemaJson.read(json, Login.class)))
        .hasMessage("malformed Login")
        .hasNoCause();
  }

  @Test
  void nodeEventsHoldNothingThatMovesATerminalsCursor() {
    for (String forged : List.of("web\u001b[2K", "web\nshop", "web\u009b1A")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> delivered("shop", "cart", forged, "ASIA1", "shop.cart"))
          .withMessage("podName has control characters");
    }
  }

  private static NodeEvent.Delivered delivered(
      String namespace,
      String serviceAccount,
      String pod,
      String accessKeyId,
      @Nullable String sessionName) {
    return new NodeEvent.Delivered(
        NOW,
        namespace,
        serviceAccount,
        pod,
        "u".repeat(64),
        "a".repeat(64),
        Long.MAX_VALUE,
        accessKeyId,
        NOW,
        sessionName,
        ServedFrom.MEMORY);
  }

  private static CredentialReply.Issued issued() {
    return new CredentialReply.Issued(
        POD, NOW, TagScope.SERVICE_ACCOUNT, "a-1", 3, AT, CREDENTIALS);
  }
}
