package io.claviger.broker.adapter.kubernetes;

import io.claviger.broker.association.DeclaredAssociation;
import io.claviger.broker.association.DeclaredAssociation.Declaration;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.AssociationSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All objects of a cluster, by their service account. They are listed again whenever the watch has
 * missed something.
 */
final class ObjectWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ObjectWatch.class);
  private static final String BY_WORKLOAD = "workload";

  private static final long PAGE = 500;

  private final String cluster;
  private final SharedIndexInformer<PodIdentityAssociation> informer;

  /** Limits the warning to one, instead of one per attempt of the informer. */
  private final AtomicBoolean failing = new AtomicBoolean();

  ObjectWatch(KubernetesClient client, String cluster) {
    this.cluster = cluster;
    // With a limit, the first list is as new as the API server's storage. Without one it may be as
    // old as the API server's cache, and a new object would look deleted.
    informer =
        client
            .resources(PodIdentityAssociation.class)
            .inAnyNamespace()
            .withLimit(PAGE)
            .runnableInformer(0);
    informer.addIndexers(Map.of(BY_WORKLOAD, object -> workload(object).stream().toList()));
    informer.exceptionHandler(
        (started, failure) -> {
          if (failing.compareAndSet(false, true)) {
            LOG.atWarn()
                .addKeyValue("cluster", cluster)
                .addKeyValue("cause", failure.toString())
                .log(
                    "objects cannot be watched, retrying: declarations take effect once the"
                        + " API server answers");
          }
          return true;
        });
  }

  /**
   * Starts the watch.
   *
   * @param changed receives the service accounts to compare again
   * @param gone receives the uids of deleted objects
   */
  void start(Consumer<AssociationKey> changed, Consumer<String> gone) {
    informer.addEventHandler(
        new ResourceEventHandler<PodIdentityAssociation>() {
          @Override
          public void onAdd(PodIdentityAssociation object) {
            key(object).ifPresent(changed);
          }

          @Override
          public void onUpdate(PodIdentityAssociation before, PodIdentityAssociation after) {
            key(before).ifPresent(changed);
            key(after).filter(now -> !workload(before).equals(workload(after))).ifPresent(changed);
          }

          @Override
          public void onDelete(PodIdentityAssociation object, boolean stale) {
            gone.accept(object.getMetadata().getUid());
            key(object).ifPresent(changed);
          }
        });
    var unused = informer.start();
  }

  /** Returns whether all objects are known. Call it from one thread, regularly. */
  boolean synced() {
    if (informer.isWatching() && failing.compareAndSet(true, false)) {
      LOG.atInfo().addKeyValue("cluster", cluster).log("objects are watched again");
    }
    return informer.hasSynced();
  }

  /** Returns the objects of a service account. */
  List<PodIdentityAssociation> of(AssociationKey key) {
    return informer.getIndexer().byIndex(BY_WORKLOAD, key.namespace() + "/" + key.serviceAccount());
  }

  /** Returns the service accounts that have objects. */
  Set<AssociationKey> keys() {
    return informer.getIndexer().list().stream()
        .flatMap(object -> key(object).stream())
        .collect(Collectors.toSet());
  }

  @Override
  public void close() {
    informer.close();
  }

  /** Converts an object for the association package. */
  static DeclaredAssociation declared(PodIdentityAssociation object) {
    var meta = object.getMetadata();
    PodIdentityAssociationSpec spec = object.getSpec();
    PodIdentityAssociationStatus status = object.getStatus();
    return new DeclaredAssociation(
        meta.getNamespace(),
        meta.getName(),
        meta.getUid(),
        Instant.parse(meta.getCreationTimestamp()),
        object.isMarkedForDeletion(),
        status == null ? null : status.associationId(),
        Declaration.of(
            () ->
                new AssociationSpec(
                    meta.getNamespace(),
                    text(spec.serviceAccount()),
                    text(spec.roleArn()),
                    spec.targetRoleArn(),
                    Boolean.TRUE.equals(spec.disableSessionTags()),
                    spec.policy(),
                    Objects.requireNonNullElse(spec.tags(), Map.of()))));
  }

  private Optional<AssociationKey> key(PodIdentityAssociation object) {
    return workload(object)
        .map(
            workload ->
                new AssociationKey(
                    cluster,
                    object.getMetadata().getNamespace(),
                    text(object.getSpec().serviceAccount())));
  }

  /** Empty for an object that the schema should have rejected. */
  private static Optional<String> workload(PodIdentityAssociation object) {
    return Optional.ofNullable(object.getSpec())
        .map(PodIdentityAssociationSpec::serviceAccount)
        .filter(Predicate.not(String::isBlank))
        .map(name -> object.getMetadata().getNamespace() + "/" + name);
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }
}
