package io.claviger.broker.adapter.kubernetes;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.broker.identity.ServiceAccountAnnotations;
import io.claviger.broker.identity.ServiceAccountMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vertx.core.Vertx;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a service account's labels and annotations from the API server. An answer is cached for ten
 * seconds; a failure applies only to the callers that wait for it. Needs {@code get} of {@code
 * serviceaccounts}. Thread-safe.
 */
public final class KubernetesServiceAccounts implements ServiceAccountAnnotations {

  private static final Logger LOG = LoggerFactory.getLogger(KubernetesServiceAccounts.class);

  /** A pod's creation waits for this. After it, the options of the labels are not applied. */
  private static final Duration DEADLINE = Duration.ofMillis(1_500);

  private static final Duration GOOD_FOR = Duration.ofSeconds(10);
  private static final int MAX_KEPT = 10_000;

  private final ApiCalls calls;
  private final AsyncCache<Key, Answer> known;
  private final AtomicBoolean failing = new AtomicBoolean();

  private record Key(String namespace, String name) {}

  /**
   * The result of a request. A failure is a value too, because Caffeine logs failed futures with
   * their stack trace, on the event loop.
   */
  private record Answer(ServiceAccountMetadata metadata, @Nullable Throwable failure) {
    static Answer of(@Nullable ServiceAccountMetadata metadata, @Nullable Throwable failure) {
      return new Answer(metadata == null ? ServiceAccountMetadata.NONE : metadata, failure);
    }

    Duration goodFor() {
      return failure == null ? GOOD_FOR : Duration.ZERO;
    }
  }

  /**
   * Uses a client of its own, as {@link KubernetesClients#openForCalls} creates it; it is closed
   * with its Vert.x.
   */
  public static KubernetesServiceAccounts open(
      Vertx vertx, URI url, Path tokenFile, Path ca, Ticker ticker) {
    return new KubernetesServiceAccounts(
        vertx, KubernetesClients.openForCalls(vertx, url, tokenFile, ca), ticker);
  }

  KubernetesServiceAccounts(Vertx vertx, KubernetesClient client, Ticker ticker) {
    this.calls = new ApiCalls(vertx, client, DEADLINE);
    this.known =
        Caffeine.newBuilder()
            .maximumSize(MAX_KEPT)
            .expireAfter(Expiry.<Key, Answer>creating((key, answer) -> answer.goodFor()))
            .ticker(ticker)
            .executor(Runnable::run)
            .buildAsync();
  }

  @Override
  public CompletionStage<ServiceAccountMetadata> of(String namespace, String name) {
    if (!ApiCalls.isName(namespace) || !ApiCalls.isName(name)) {
      return CompletableFuture.completedFuture(ServiceAccountMetadata.NONE);
    }
    return known
        .get(new Key(namespace, name), (key, executor) -> ask(key))
        .thenApply(
            answer -> {
              report(answer.failure());
              return answer.metadata();
            });
  }

  private CompletableFuture<Answer> ask(Key key) {
    return calls
        .get("/api/v1/namespaces/%s/serviceaccounts/%s".formatted(key.namespace(), key.name()))
        .map(this::said)
        .toCompletionStage()
        .handle(Answer::of)
        .toCompletableFuture();
  }

  private ServiceAccountMetadata said(ApiCalls.Answer answer) {
    return switch (answer.status()) {
      case HttpURLConnection.HTTP_OK ->
          said(calls.read(answer, ServiceAccount.class).getMetadata());
      case HttpURLConnection.HTTP_NOT_FOUND -> ServiceAccountMetadata.NONE;
      default -> throw new IllegalStateException("the API server answered " + answer.status());
    };
  }

  private static ServiceAccountMetadata said(ObjectMeta metadata) {
    return new ServiceAccountMetadata(
        Objects.requireNonNullElse(metadata.getLabels(), Map.of()),
        Objects.requireNonNullElse(metadata.getAnnotations(), Map.of()));
  }

  /** Logs once when requests start to fail and once when they succeed again. */
  private void report(@Nullable Throwable failure) {
    if (failing.compareAndSet(failure == null, failure != null)) {
      if (failure == null) {
        LOG.atInfo().log("labels and annotations of service accounts can be read again");
      } else {
        LOG.atWarn()
            .addKeyValue("cause", failure.toString())
            .log(
                "labels and annotations of service accounts cannot be read; pods are admitted without them");
      }
    }
  }
}
