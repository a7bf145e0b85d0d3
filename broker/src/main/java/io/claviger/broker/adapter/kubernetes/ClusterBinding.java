package io.claviger.broker.adapter.kubernetes;

import io.claviger.broker.association.ObjectReconciliation;
import io.claviger.schemas.association.AssociationOutcome.Bound;
import io.claviger.schemas.association.AssociationOutcome.Refused;
import io.claviger.schemas.association.AssociationOutcome.Result;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks that the API server belongs to the Kubernetes cluster that the log is bound to. A wrong
 * setting or name could lead to another cluster without objects, and every association made by
 * objects would be deleted. Needs {@code get} of the namespace {@code kube-system}. Thread-safe.
 */
final class ClusterBinding {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterBinding.class);

  /** An administrator may bind the log to another cluster, so the check repeats after 4 Leases. */
  private static final int LEASES_BETWEEN_QUESTIONS = 4;

  /**
   * Thousands of objects are compared at once; one check of the API server is valid for a second.
   */
  private static final Duration LOOK_GOOD_FOR = Duration.ofSeconds(1);

  private final KubernetesClient client;
  private final ObjectOptions options;
  private final ObjectReconciliation log;
  private final InstantSource clock;
  private final Runnable refused;
  private volatile @Nullable String bound;
  private volatile Instant lookedAt = Instant.MIN;
  private volatile Instant next = Instant.MIN;
  private volatile boolean asked;
  private volatile boolean asking;
  private volatile @Nullable String said;

  /**
   * Sends no request yet.
   *
   * @param refused runs if the API server belongs to another cluster; on any thread
   */
  ClusterBinding(
      KubernetesClient client,
      ObjectOptions options,
      ObjectReconciliation log,
      InstantSource clock,
      Runnable refused) {
    this.client = client;
    this.options = options;
    this.log = log;
    this.clock = clock;
    this.refused = refused;
  }

  /** Returns whether the last check succeeded. */
  boolean isBound() {
    return bound != null;
  }

  /** Returns whether the last check failed because the log or the API server was unavailable. */
  boolean isUnknown() {
    return asked && !isBound();
  }

  /**
   * Checks API server and log if that is due; blocks for the API server. Call it from one thread.
   */
  void look() {
    Instant now = clock.instant();
    if (asking || now.isBefore(next)) {
      return;
    }
    next = now.plus(options.lease().retry());
    String uid;
    try {
      uid = read();
    } catch (KubernetesClientException e) {
      asked = true;
      say("the namespace kube-system cannot be read: " + e.getMessage());
      return;
    }
    CompletionStage<Optional<Result>> answer =
        log.bind(options.cluster(), "broker/" + options.identity(), uid);
    asking = true;
    answer.whenComplete(
        (result, failure) -> {
          asking = false;
          decided(uid, result == null ? Optional.empty() : result);
        });
  }

  private void decided(String uid, Optional<Result> result) {
    asked = true;
    if (result.isPresent()) {
      next =
          clock.instant().plus(options.lease().duration().multipliedBy(LEASES_BETWEEN_QUESTIONS));
    }
    switch (result.orElse(null)) {
      case Bound now -> {
        bound = uid;
        if (said != null) {
          said = null;
          LOG.atInfo()
              .addKeyValue("cluster", options.cluster())
              .log("the API server belongs to the log's cluster");
        }
      }
      case Refused(var code, var message) -> {
        bound = null;
        say(message);
        refused.run();
      }
      // The unavailable log is reported elsewhere.
      case null, default -> {}
    }
  }

  /**
   * Returns whether the API server is still the same; blocks.
   *
   * @param afresh whether to send a request even if the last check is less than a second old
   * @throws KubernetesClientException if the API server does not answer
   */
  boolean isStillBound(boolean afresh) {
    Instant now = clock.instant();
    String expected = bound;
    if (expected == null) {
      return false;
    }
    if (!afresh && now.isBefore(lookedAt.plus(LOOK_GOOD_FOR))) {
      return true;
    }
    if (read().equals(expected)) {
      lookedAt = now;
      return true;
    }
    bound = null;
    next = Instant.MIN;
    return false;
  }

  private String read() {
    Namespace namespace = client.namespaces().withName("kube-system").get();
    if (namespace == null || namespace.getMetadata().getUid() == null) {
      throw new KubernetesClientException("it does not exist");
    }
    return namespace.getMetadata().getUid();
  }

  /** Logs once per reason. */
  private void say(String why) {
    if (!why.equals(said)) {
      said = why;
      LOG.atWarn()
          .addKeyValue("cluster", options.cluster())
          .addKeyValue("cause", why)
          .log("objects are not acted upon: the API server may be another cluster's");
    }
  }
}
