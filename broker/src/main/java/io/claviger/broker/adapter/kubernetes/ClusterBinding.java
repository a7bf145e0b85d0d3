package io.claviger.broker.adapter.kubernetes;

import io.claviger.broker.association.ObjectReconciliation;
import io.claviger.schemas.association.AssociationOutcome.Bound;
import io.claviger.schemas.association.AssociationOutcome.Refused;
import io.claviger.schemas.association.AssociationOutcome.Verdict;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the API server is that of the Kubernetes cluster which the log is of. Another one, that a
 * wrong setting or name leads to, has no objects, and what objects have made would be deleted.
 * Needs {@code get} of the namespace {@code kube-system}. Thread-safe.
 */
final class ClusterBinding {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterBinding.class);
  private static final Duration AGAIN = Duration.ofSeconds(5);

  private final KubernetesClient client;
  private final ObjectOptions options;
  private final ObjectReconciliation log;
  private final InstantSource clock;
  private volatile @Nullable String bound;
  private volatile boolean silent;
  private volatile Instant next = Instant.MIN;
  private volatile boolean asking;
  private volatile @Nullable String said;

  ClusterBinding(
      KubernetesClient client,
      ObjectOptions options,
      ObjectReconciliation log,
      InstantSource clock) {
    this.client = client;
    this.options = options;
    this.log = log;
    this.clock = clock;
  }

  /** Whether it was so when it was last looked at. */
  boolean isBound() {
    return bound != null;
  }

  /** Whether the log has not said so when it was last asked: nothing can be written then either. */
  boolean isLogSilent() {
    return silent && !isBound();
  }

  /**
   * Looks, and asks the log, when that is due; blocks for the API server's answer. From one thread.
   */
  void look() {
    Instant now = clock.instant();
    if (isBound() || asking || now.isBefore(next)) {
      return;
    }
    next = now.plus(AGAIN);
    String uid;
    try {
      uid = read();
    } catch (KubernetesClientException e) {
      say("the namespace kube-system cannot be read: " + e.getMessage());
      return;
    }
    asking = true;
    log.bind(options.cluster(), "broker/" + options.identity(), uid)
        .thenAccept(verdict -> decided(uid, verdict));
  }

  private void decided(String uid, Optional<Verdict> verdict) {
    silent = verdict.isEmpty();
    switch (verdict.orElse(null)) {
      case Bound now -> {
        bound = uid;
        if (said != null) {
          said = null;
          LOG.atInfo()
              .addKeyValue("cluster", options.cluster())
              .log("the API server is that of the log's cluster");
        }
      }
      case Refused(var code, var message) -> say(message);
      // Of a log that is away is told elsewhere.
      case null, default -> {}
    }
    asking = false;
  }

  /**
   * Looks again; blocks.
   *
   * @throws KubernetesClientException where the API server does not answer
   */
  boolean isStill() {
    if (read().equals(bound)) {
      return true;
    }
    bound = null;
    return false;
  }

  private String read() {
    Namespace namespace = client.namespaces().withName("kube-system").get();
    if (namespace == null) {
      throw new KubernetesClientException("it is not there");
    }
    return namespace.getMetadata().getUid();
  }

  /** Once, for as long as it is the same. */
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
