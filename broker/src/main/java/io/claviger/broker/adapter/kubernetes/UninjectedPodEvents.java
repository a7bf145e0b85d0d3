package io.claviger.broker.adapter.kubernetes;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.broker.association.AssociationListener;
import io.claviger.broker.association.Associations;
import io.claviger.broker.association.TableChange;
import io.claviger.broker.audit.UninjectedPods;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.workload.WorkloadIdentity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.HttpURLConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns on pods that this broker left uninjected, if their service account gets its association
 * within a minute. Needs {@code list} of {@code pods}; reads only their metadata. Must be
 * registered as a listener of the table. Thread-safe.
 */
final class UninjectedPodEvents implements UninjectedPods, AssociationListener {

  private static final Logger LOG = LoggerFactory.getLogger(UninjectedPodEvents.class);

  /** A later association was not meant to exist from the start. */
  private static final Duration REMEMBERED = Duration.ofMinutes(1);

  /** A pod is stored after the answer to its review, and appears in no list before. */
  private static final Duration STORED_AFTER = Duration.ofSeconds(2);

  /** Older pods existed before their review could have been recorded. */
  private static final Duration YOUNG = Duration.ofMinutes(2);

  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final int MAX_REMEMBERED = 10_000;
  private static final int MAX_PODS = 100;
  private static final int MAX_UNDER_WAY = 16;
  private static final String ONLY_METADATA =
      "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
  private static final String NOT_INJECTED =
      "!eks.amazonaws.com/pod-identity,!eks.amazonaws.com/skip-pod-identity-webhook";

  private final Vertx vertx;
  private final ApiCalls calls;
  private final PodEvents events;
  private final Associations associations;
  private final InstantSource clock;
  private final Cache<AssociationKey, Boolean> left;
  private final AtomicInteger underWay = new AtomicInteger();

  UninjectedPodEvents(
      Vertx vertx,
      KubernetesClient client,
      PodEvents events,
      Associations associations,
      InstantSource clock,
      Ticker ticker) {
    this.vertx = vertx;
    this.calls = new ApiCalls(vertx, client, DEADLINE);
    this.events = events;
    this.associations = associations;
    this.clock = clock;
    this.left =
        Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED)
            .expireAfterWrite(REMEMBERED)
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
  }

  @Override
  public void left(AssociationKey workload) {
    if (!ApiCalls.isName(workload.namespace())) {
      return;
    }
    left.put(workload, true);
    // The association may have appeared since the table was read.
    if (associations.current(workload).isPresent()) {
      came(workload);
    }
  }

  @Override
  public void applied(TableChange change) {
    if (change.after().isPresent()) {
      came(change.key());
    }
  }

  private void came(AssociationKey workload) {
    if (left.asMap().remove(workload) != null) {
      vertx.setTimer(STORED_AFTER.toMillis(), timer -> warn(workload));
    }
  }

  private void warn(AssociationKey workload) {
    if (underWay.incrementAndGet() > MAX_UNDER_WAY) {
      underWay.decrementAndGet();
      failed(workload, "too many lists of pods are under way");
      return;
    }
    calls
        .get(path(workload), ONLY_METADATA)
        .compose(
            answer ->
                answer.status() == HttpURLConnection.HTTP_OK
                    ? Future.succeededFuture(new JsonObject(answer.body()).getJsonArray("items"))
                    : Future.failedFuture("the API server answered " + answer.status()))
        .onComplete(done -> underWay.decrementAndGet())
        .onSuccess(
            pods ->
                pods.stream()
                    .map(pod -> ((JsonObject) pod).getJsonObject("metadata"))
                    .filter(this::isYoung)
                    .forEach(pod -> warn(workload, pod)))
        .onFailure(failure -> failed(workload, String.valueOf(failure.getMessage())));
  }

  private static String path(AssociationKey workload) {
    return "/api/v1/namespaces/%s/pods?fieldSelector=%s&labelSelector=%s&limit=%d"
        .formatted(
            workload.namespace(),
            encoded("spec.serviceAccountName=" + workload.serviceAccount()),
            encoded(NOT_INJECTED),
            MAX_PODS);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private boolean isYoung(JsonObject pod) {
    return !pod.containsKey("deletionTimestamp")
        && Instant.parse(pod.getString("creationTimestamp")).isAfter(clock.instant().minus(YOUNG));
  }

  private void warn(AssociationKey workload, JsonObject pod) {
    events.warn(
        new WorkloadIdentity(
            workload.cluster(),
            workload.namespace(),
            workload.serviceAccount(),
            pod.getString("name"),
            pod.getString("uid"),
            null),
        "NotInjected",
        ("no AWS credentials for this pod: the association of service account %s came after it was"
                + " created. Delete the pod, or restart what owns it: kubectl -n %s rollout restart"
                + " KIND/NAME")
            .formatted(workload.serviceAccount(), workload.namespace()));
  }

  private static void failed(AssociationKey workload, String cause) {
    LOG.atWarn()
        .addKeyValue("namespace", workload.namespace())
        .addKeyValue("serviceAccount", workload.serviceAccount())
        .addKeyValue("cause", cause)
        .log("pods that started before their association get no event about it");
  }
}
