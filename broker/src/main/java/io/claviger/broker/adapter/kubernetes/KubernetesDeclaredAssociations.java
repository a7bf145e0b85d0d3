package io.claviger.broker.adapter.kubernetes;

import io.claviger.broker.association.DeclaredAssociations;
import io.claviger.broker.association.ReadyCondition.Reason;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.DefaultKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists a namespace's objects at the API server. The list is consistent: it names no resource
 * version, so it contains every object created before. For each namespace one list runs at a time;
 * callers that arrive meanwhile share the next one. A caller therefore never gets a list that
 * started before its call, and there are no more lists than created pods. Needs {@code list} of
 * {@code podidentityassociations}. Thread-safe.
 */
public final class KubernetesDeclaredAssociations implements DeclaredAssociations {

  private static final Logger LOG = LoggerFactory.getLogger(KubernetesDeclaredAssociations.class);

  /** The deadline of one list; a pod's creation waits for at most two. */
  private static final Duration DEADLINE = Duration.ofMillis(1_500);

  /**
   * The number of namespaces whose objects are listed at once. Pods of further namespaces get
   * UNKNOWN.
   */
  private static final int MAX_NAMESPACES = 64;

  private final Vertx vertx;
  private final ApiCalls calls;
  private final Map<String, Lists> namespaces = new HashMap<>();
  private final AtomicBoolean failing = new AtomicBoolean();

  /** One namespace's lists: one runs, the next one has not started. */
  private static final class Lists {
    private @Nullable Promise<Set<String>> next;
  }

  /** A list of objects, in the API server's format. */
  static final class ObjectList extends DefaultKubernetesResourceList<PodIdentityAssociation> {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Uses a client of its own, as {@link KubernetesClients#openForCalls} creates it; it is closed
   * with its Vert.x.
   */
  public static KubernetesDeclaredAssociations open(Vertx vertx, URI url, Path tokenFile, Path ca) {
    return new KubernetesDeclaredAssociations(
        vertx, KubernetesClients.openForCalls(vertx, url, tokenFile, ca));
  }

  KubernetesDeclaredAssociations(Vertx vertx, KubernetesClient client) {
    this.vertx = vertx;
    this.calls = new ApiCalls(vertx, client, DEADLINE);
  }

  @Override
  public CompletionStage<Answer> find(String namespace, String serviceAccount) {
    if (!ApiCalls.isName(namespace)) {
      return CompletableFuture.completedFuture(Answer.NOT_DECLARED);
    }
    return join(namespace)
        // The rest of the running list, and the next one.
        .timeout(2 * DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
        .onComplete(this::report)
        .map(names -> names.contains(serviceAccount) ? Answer.DECLARED : Answer.NOT_DECLARED)
        .otherwise(Answer.UNKNOWN)
        .toCompletionStage();
  }

  /** Returns the service accounts of the next list that starts. */
  private synchronized Future<Set<String>> join(String namespace) {
    Lists lists = namespaces.get(namespace);
    if (lists == null) {
      if (namespaces.size() >= MAX_NAMESPACES) {
        return Future.failedFuture("the objects of too many namespaces are listed at once");
      }
      namespaces.put(namespace, new Lists());
      Promise<Set<String>> first = Promise.promise();
      begin(namespace, first);
      return first.future();
    }
    Promise<Set<String>> next = lists.next;
    if (next == null) {
      next = Promise.promise();
      lists.next = next;
    }
    return next.future();
  }

  private void begin(String namespace, Promise<Set<String>> result) {
    calls
        .get(
            "/apis/claviger.io/v1alpha1/namespaces/%s/podidentityassociations".formatted(namespace))
        // Parsing hundreds of objects would block an event loop.
        .compose(answer -> vertx.executeBlocking(() -> declared(answer), false))
        .onComplete(
            listed -> {
              end(namespace);
              result.handle(listed);
            });
  }

  private synchronized void end(String namespace) {
    Lists lists = Objects.requireNonNull(namespaces.get(namespace));
    Promise<Set<String>> next = lists.next;
    lists.next = null;
    if (next == null) {
      namespaces.remove(namespace);
    } else {
      begin(namespace, next);
    }
  }

  private Set<String> declared(ApiCalls.Answer answer) {
    return switch (answer.status()) {
      case HttpURLConnection.HTTP_OK ->
          calls.read(answer, ObjectList.class).getItems().stream()
              .filter(object -> !object.isMarkedForDeletion() && !isRefused(object))
              .map(PodIdentityAssociation::getSpec)
              .filter(Objects::nonNull)
              .map(PodIdentityAssociationSpec::serviceAccount)
              .filter(Objects::nonNull)
              .collect(Collectors.toSet());
      // The cluster does not have the CRD.
      case HttpURLConnection.HTTP_NOT_FOUND -> Set.of();
      default -> throw new IllegalStateException("the API server answered " + answer.status());
    };
  }

  /**
   * Returns whether the object's current content was refused. Injecting the pod anyway would hide
   * the node's role behind an association that will not appear by itself.
   */
  private static boolean isRefused(PodIdentityAssociation object) {
    PodIdentityAssociationStatus status = object.getStatus();
    return status != null
        && Objects.equals(status.observedGeneration(), object.getMetadata().getGeneration())
        && status.ready().filter(KubernetesDeclaredAssociations::isRefusal).isPresent();
  }

  private static boolean isRefusal(Condition ready) {
    return "False".equals(ready.getStatus())
        && !Reason.LOG_UNAVAILABLE.text().equals(ready.getReason());
  }

  /** Logs once when lists start to fail and once when they succeed again. */
  private void report(AsyncResult<Set<String>> listed) {
    if (failing.compareAndSet(listed.succeeded(), listed.failed())) {
      if (listed.succeeded()) {
        LOG.atInfo().log("objects can be listed again");
      } else {
        LOG.atWarn()
            .addKeyValue("cause", String.valueOf(listed.cause()))
            .log("objects cannot be listed; the failure policy decides about pods without one");
      }
    }
  }
}
