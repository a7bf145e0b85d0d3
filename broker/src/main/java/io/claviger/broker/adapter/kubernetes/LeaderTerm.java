package io.claviger.broker.adapter.kubernetes;

import io.claviger.broker.adapter.kubernetes.ReconcileQueue.Pause;
import io.claviger.broker.association.Grants;
import io.claviger.broker.association.ObjectReconciliation;
import io.claviger.broker.association.ReadyCondition;
import io.claviger.broker.association.ReadyCondition.Reason;
import io.claviger.broker.association.Reconciled;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationKey;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The period during which this broker acts on a cluster's objects. */
final class LeaderTerm implements AutoCloseable {

  private static final Pause SOON = new Pause(Duration.ofMillis(500), Duration.ofSeconds(30));
  private static final Pause SLOWLY = new Pause(Duration.ofSeconds(5), Duration.ofMinutes(5));

  private final ObjectController.Ports ports;
  private final ObjectOptions options;
  private final ObjectWatch watch;
  private final ObjectPatches patches;
  private final ClusterBinding binding;
  private final ReconcileQueue<AssociationKey> queue = new ReconcileQueue<>(this::reconcile);
  private volatile boolean begun;
  private Instant compared = Instant.MIN;
  private @Nullable Grants grants;

  /**
   * Creates a term that has not started.
   *
   * @param refused runs if the API server belongs to another cluster; on any thread
   */
  LeaderTerm(
      KubernetesClient client,
      ObjectController.Ports ports,
      ObjectOptions options,
      Runnable refused) {
    this.ports = ports;
    this.options = options;
    watch = new ObjectWatch(client, options.cluster());
    patches = new ObjectPatches(client, ports.arns(), ports.externalIds(), ports.clock());
    binding = new ClusterBinding(client, options, ports.reconciliation(), ports.clock(), refused);
  }

  void start() {
    watch.start(this::changed, patches::forget);
  }

  /**
   * Compares everything if that is due: once all objects and associations are known, at intervals,
   * and after a change of grants. Call it from one thread.
   */
  void look() {
    if (!watch.synced() || !ports.table().caughtUp()) {
      return;
    }
    binding.look();
    if (!isActing()) {
      return;
    }
    Grants now = ports.grants().get();
    Instant at = ports.clock().instant();
    if (!begun || now != grants || !at.isBefore(compared.plus(options.resync()))) {
      begun = true;
      grants = now;
      compared = at;
      keys().forEach(queue::add);
    }
  }

  /** Returns whether this broker acts on objects now. */
  boolean isActing() {
    return binding.isBound() || binding.isUnknown();
  }

  /**
   * Returns the service accounts that objects name, and those whose association objects have made.
   */
  private Set<AssociationKey> keys() {
    Set<AssociationKey> keys = new HashSet<>(watch.keys());
    ports.table().inCluster(options.cluster()).stream()
        .filter(ObjectReconciliation::isMadeByObjects)
        .map(Association::key)
        .forEach(keys::add);
    return keys;
  }

  /** An object has changed. Before everything is known, the change alone causes no comparison. */
  private void changed(AssociationKey key) {
    if (begun) {
      queue.add(key);
    }
  }

  /** An association has changed. */
  void changed(AssociationKey key, boolean madeByObjects) {
    if (begun && (madeByObjects || !watch.of(key).isEmpty())) {
      queue.add(key);
    }
  }

  /** Returns the number of objects whose condition has this reason. */
  long count(Reason reason) {
    return patches.count(reason);
  }

  private Optional<Pause> reconcile(AssociationKey key) {
    try {
      List<PodIdentityAssociation> watched = watch.of(key);
      if (binding.isUnknown()) {
        return unknown(key, watched.stream().map(patches::latest).toList());
      }
      // Associations that no object declares are deleted, so another cluster's API server must be
      // ruled out.
      if (!binding.isStillBound(
          watched.stream().allMatch(object -> object.isMarkedForDeletion()))) {
        ports.meters().reconciled("failed");
        return Optional.of(SOON);
      }
      List<PodIdentityAssociation> objects = withFinalizers(watched);
      Reconciled done =
          ports
              .reconciliation()
              .reconcile(key, objects.stream().map(ObjectWatch::declared).toList())
              .toCompletableFuture()
              .join();
      ports.meters().reconciled(done.effort().name().toLowerCase(Locale.ROOT));
      objects.forEach(object -> settle(object, done));
      return switch (done.effort()) {
        case UNCHANGED, WRITTEN -> Optional.empty();
        case REFUSED -> Optional.of(SLOWLY);
        case UNAVAILABLE -> Optional.of(SOON);
      };
    } catch (KubernetesClientException e) {
      // Usually the object has changed since it was read, and the watch will report the change.
      ports.meters().reconciled("failed");
      return Optional.of(SOON);
    }
  }

  /**
   * Reports the conditions that do not need the log, and releases objects that have waited too
   * long.
   */
  private Optional<Pause> unknown(AssociationKey key, List<PodIdentityAssociation> objects) {
    Reconciled done =
        ports
            .reconciliation()
            .unavailable(key, objects.stream().map(ObjectWatch::declared).toList());
    ports.meters().reconciled("unavailable");
    objects.forEach(object -> settle(object, done));
    return Optional.of(SOON);
  }

  /**
   * Finalizers are added before any command to the log, so that no object can disappear unseen
   * before its association.
   */
  private List<PodIdentityAssociation> withFinalizers(List<PodIdentityAssociation> objects) {
    List<PodIdentityAssociation> withFinalizers = new ArrayList<>();
    for (PodIdentityAssociation watched : objects) {
      PodIdentityAssociation object = patches.latest(watched);
      withFinalizers.add(
          options.finalizer() && !object.isMarkedForDeletion()
              ? patches.addFinalizer(object)
              : object);
    }
    return withFinalizers;
  }

  private void settle(PodIdentityAssociation object, Reconciled done) {
    boolean leaving = object.isMarkedForDeletion();
    if (leaving && (done.retracted() || isLate(object))) {
      patches.release(object);
      return;
    }
    ReadyCondition condition = done.conditions().get(object.getMetadata().getUid());
    if (condition != null) {
      patches.report(object, condition);
    }
    if (!leaving && !options.finalizer()) {
      patches.release(object);
    }
  }

  /** If the log is unavailable for long, this must not block the deletion of a namespace. */
  private boolean isLate(PodIdentityAssociation object) {
    Instant deleted = Instant.parse(object.getMetadata().getDeletionTimestamp());
    return ports.clock().instant().isAfter(deleted.plus(options.finalizerTimeout()));
  }

  @Override
  public void close() {
    watch.close();
    queue.close();
  }
}
