package io.claviger.broker.adapter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.association.Associations;
import io.claviger.broker.association.TableChange;
import io.claviger.broker.identity.TestClock;
import io.claviger.broker.telemetry.TokenMeters;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.AssociationSpec;
import io.claviger.schemas.association.Position;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pods created before their association, as {@code kubectl describe pod} shows them. */
final class UninjectedPodEventsIT {

  private static final AssociationKey CART = new AssociationKey("c1", "shop", "cart");
  private static final AssociationKey LAST = new AssociationKey("c1", "shop", "last");
  private static final String EVENTS = "/api/v1/namespaces/shop/events";

  private final TestClock clock = new TestClock(Instant.parse("2026-11-24T12:00:00Z"));
  private final MockedApiServer api = new MockedApiServer();
  private final Table table = new Table();
  private final UninjectedPodEvents uninjected =
      new UninjectedPodEvents(
          api.vertx,
          api.client,
          new PodEvents(
              api.vertx,
              api.client,
              "c1",
              "broker-1",
              clock,
              clock,
              new TokenMeters(new SimpleMeterRegistry())),
          table,
          clock,
          clock);

  private static final class Table implements Associations {
    private final Set<AssociationKey> known = ConcurrentHashMap.newKeySet();

    @Override
    public CompletionStage<Lookup> find(AssociationKey key, Position atLeast) {
      return CompletableFuture.completedFuture(new Lookup.Absent(Position.NONE));
    }

    @Override
    public Optional<Association> current(AssociationKey key) {
      return known.contains(key) ? Optional.of(association(key)) : Optional.empty();
    }

    @Override
    public Position position(String cluster) {
      return Position.NONE;
    }
  }

  private static Association association(AssociationKey key) {
    AssociationSpec spec =
        new AssociationSpec(
            key.namespace(),
            key.serviceAccount(),
            "arn:aws:iam::123456789012:role/pods/cart",
            null,
            false,
            null,
            Map.of());
    return new Association(
        "a-1", key.cluster(), spec, "key/admin", 1, Instant.EPOCH, Instant.EPOCH);
  }

  @AfterEach
  void close() throws Exception {
    api.close();
  }

  private static String path(AssociationKey workload) {
    return "/api/v1/namespaces/shop/pods?fieldSelector=spec.serviceAccountName%3D"
        + workload.serviceAccount()
        + "&labelSelector=%21eks.amazonaws.com%2Fpod-identity"
        + "%2C%21eks.amazonaws.com%2Fskip-pod-identity-webhook&limit=100";
  }

  private static JsonObject pod(String name, String created) {
    return new JsonObject()
        .put(
            "metadata",
            new JsonObject()
                .put("name", name)
                .put("uid", "uid-of-" + name)
                .put("creationTimestamp", created));
  }

  private void has(AssociationKey workload, JsonObject... pods) {
    api.server
        .expect()
        .get()
        .withPath(path(workload))
        .andReturn(200, new JsonObject().put("items", new JsonArray(List.of(pods))).encode())
        .always();
    api.server.expect().post().withPath(EVENTS).andReturn(201, "{}").always();
  }

  private void associated(AssociationKey workload) {
    table.known.add(workload);
    uninjected.applied(
        new TableChange(
            workload,
            Optional.empty(),
            Optional.of(association(workload)),
            Position.NONE,
            Position.NONE));
  }

  @Test
  void sayWhatToDoWhereTheAssociationComesWithinAMinute() throws Exception {
    JsonObject ending = pod("ending", "2026-11-24T12:00:20Z");
    ending.getJsonObject("metadata").put("deletionTimestamp", "2026-11-24T12:01:10Z");
    has(
        CART,
        pod("new", "2026-11-24T12:00:00Z"),
        pod("old", "2026-11-24T11:50:00Z"),
        ending,
        pod("newer", "2026-11-24T12:00:30Z"));
    uninjected.left(CART);
    clock.advance(Duration.ofSeconds(50));
    associated(CART);

    RecordedRequest list = api.request();
    assertThat(list.getPath()).isEqualTo(path(CART));
    assertThat(list.getHeader("Accept")).contains("as=PartialObjectMetadataList");
    JsonObject event = new JsonObject(api.request().getUtf8Body());
    assertThat(event.getString("type")).isEqualTo("Warning");
    assertThat(event.getString("reason")).isEqualTo("NotInjected");
    assertThat(event.getString("message"))
        .contains("service account cart", "kubectl -n shop rollout restart");
    assertThat(event.getJsonObject("involvedObject").getMap())
        .containsEntry("name", "new")
        .containsEntry("uid", "uid-of-new");
    assertThat(new JsonObject(api.request().getUtf8Body()).getJsonObject("involvedObject").getMap())
        .containsEntry("name", "newer");
    assertThat(api.server.getRequestCount()).isEqualTo(3);
  }

  @Test
  void areWrittenAlsoWhereTheAssociationCameWhileThePodWasReviewed() throws Exception {
    has(CART, pod("new", "2026-11-24T12:00:00Z"));
    associated(CART);
    uninjected.left(CART);

    assertThat(api.request().getPath()).isEqualTo(path(CART));
  }

  @Test
  void areNotWrittenWhereNoPodWasLeftOrTheAssociationComesLaterOrGoes() throws Exception {
    has(CART, pod("new", "2026-11-24T12:00:00Z"));
    has(LAST);
    associated(new AssociationKey("c1", "shop", "nobody"));
    uninjected.left(CART);
    uninjected.applied(
        new TableChange(
            CART, Optional.of(association(CART)), Optional.empty(), Position.NONE, Position.NONE));
    clock.advance(Duration.ofSeconds(61));
    associated(CART);
    uninjected.left(LAST);
    associated(LAST);

    await().until(() -> api.server.getRequestCount() > 0);
    assertThat(api.request().getPath()).isEqualTo(path(LAST));
    assertThat(api.server.getRequestCount()).isEqualTo(1);
  }
}
