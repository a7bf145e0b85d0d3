package io.claviger.broker.adapter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.association.DeclaredAssociations.Answer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.vertx5.Vertx5HttpClientFactory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The declarations of objects, from an API server that answers when the test lets it. */
final class KubernetesDeclaredAssociationsIT {

  private static final String PATH =
      "/apis/claviger.io/v1alpha1/namespaces/shop/podidentityassociations";

  private final Vertx vertx = Vertx.vertx();
  private final List<HttpServerRequest> lists = new CopyOnWriteArrayList<>();
  private KubernetesClient client;
  private KubernetesDeclaredAssociations declared;

  @BeforeEach
  void serve() {
    HttpServer server =
        done(vertx.createHttpServer().requestHandler(lists::add).listen(0, "127.0.0.1"));
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder(Config.empty())
                    .withMasterUrl("http://127.0.0.1:" + server.actualPort())
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .withHttpClientFactory(new Vertx5HttpClientFactory(vertx))
            .build();
    declared = new KubernetesDeclaredAssociations(vertx, client);
  }

  @AfterEach
  void close() {
    client.close();
    done(vertx.close());
  }

  private static <T> T done(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }

  private CompletableFuture<Answer> ask(String serviceAccount) {
    return declared.find("shop", serviceAccount).toCompletableFuture();
  }

  private static Answer answered(CompletableFuture<Answer> asked) {
    return asked.orTimeout(10, TimeUnit.SECONDS).join();
  }

  private void answer(int list, int status, JsonObject... objects) {
    await().until(() -> lists.size() > list);
    lists
        .get(list)
        .response()
        .setStatusCode(status)
        .end(new JsonObject().put("items", new JsonArray(List.of(objects))).encode());
  }

  private static JsonObject object(String serviceAccount) {
    return new JsonObject()
        .put("apiVersion", "claviger.io/v1alpha1")
        .put("kind", "PodIdentityAssociation")
        .put("metadata", new JsonObject().put("name", serviceAccount).put("generation", 2))
        .put("spec", new JsonObject().put("serviceAccount", serviceAccount));
  }

  private static JsonObject decided(int generation, String status, String reason) {
    JsonObject ready =
        new JsonObject().put("type", "Ready").put("status", status).put("reason", reason);
    return object("cart")
        .put(
            "status",
            new JsonObject()
                .put("observedGeneration", generation)
                .put("conditions", new JsonArray(List.of(ready))));
  }

  @Test
  void isWhatAnObjectSaysThatNobodyHasDecidedAbout() {
    CompletableFuture<Answer> cart = ask("cart");
    CompletableFuture<Answer> other = ask("other");
    answer(0, 200, object("cart"));
    answer(1, 200, object("cart"));

    assertThat(answered(cart)).isEqualTo(Answer.DECLARED);
    assertThat(answered(other)).isEqualTo(Answer.NOT_DECLARED);
    // Without a resource version the API server reads from its storage, not from a cache.
    assertThat(lists).allMatch(list -> list.uri().equals(PATH));
  }

  @ParameterizedTest
  @CsvSource({
    "2, True, Associated, DECLARED",
    "2, False, LogUnavailable, DECLARED",
    "1, False, RoleNotPermitted, DECLARED",
    "2, False, RoleNotPermitted, NOT_DECLARED",
    "2, False, Conflict, NOT_DECLARED",
  })
  void isNotWhatWasRefusedAsItIsNow(int generation, String status, String reason, Answer expected) {
    CompletableFuture<Answer> asked = ask("cart");
    answer(0, 200, decided(generation, status, reason));

    assertThat(answered(asked)).isEqualTo(expected);
  }

  @Test
  void isNotWhatAnObjectSaysThatIsBeingDeleted() {
    CompletableFuture<Answer> asked = ask("cart");
    JsonObject leaving = object("cart");
    leaving.getJsonObject("metadata").put("deletionTimestamp", "2026-11-24T12:00:00Z");
    answer(0, 200, leaving);

    assertThat(answered(asked)).isEqualTo(Answer.NOT_DECLARED);
  }

  @Test
  void isListedOncePerNamespaceForAllWhoAskedBeforeTheListBegan() {
    CompletableFuture<Answer> first = ask("cart");
    await().until(() -> lists.size() == 1);
    List<CompletableFuture<Answer>> later =
        IntStream.range(0, 20).mapToObj(i -> ask("cart")).toList();
    answer(0, 200);
    answer(1, 200, object("cart"));

    assertThat(answered(first)).isEqualTo(Answer.NOT_DECLARED);
    // A list that started before the call may lack objects created since.
    assertThat(later).allMatch(asked -> answered(asked) == Answer.DECLARED);
    assertThat(lists).hasSize(2);
  }

  @Test
  void isUnknownWhileTheApiServerRefusesOrIsSilentAndKnownAgainAfterwards() {
    CompletableFuture<Answer> refused = ask("cart");
    answer(0, 403);
    assertThat(answered(refused)).isEqualTo(Answer.UNKNOWN);

    CompletableFuture<Answer> silent = ask("cart");
    assertThat(answered(silent)).isEqualTo(Answer.UNKNOWN);

    await()
        .until(
            () -> {
              int before = lists.size();
              CompletableFuture<Answer> asked = ask("cart");
              await().until(() -> lists.size() > before || asked.isDone());
              if (lists.size() > before) {
                answer(before, 200, object("cart"));
              }
              return answered(asked) == Answer.DECLARED;
            });
  }

  @Test
  void isUnknownWhereTooManyNamespacesAreListedAtOnce() {
    List<CompletableFuture<Answer>> asked =
        IntStream.range(0, 65)
            .mapToObj(i -> declared.find("team-" + i, "cart").toCompletableFuture())
            .toList();

    assertThat(asked.getLast()).isCompletedWithValue(Answer.UNKNOWN);
    assertThat(asked.getFirst()).isNotDone();
  }

  @Test
  void isNothingInAClusterThatDoesNotHaveTheKind() {
    CompletableFuture<Answer> asked = ask("cart");
    answer(0, 404);

    assertThat(answered(asked)).isEqualTo(Answer.NOT_DECLARED);
  }

  @Test
  void isNotAskedOfByANameThatNoNamespaceHas() {
    assertThat(answered(declared.find("../x", "cart").toCompletableFuture()))
        .isEqualTo(Answer.NOT_DECLARED);
    assertThat(lists).isEmpty();
  }
}
