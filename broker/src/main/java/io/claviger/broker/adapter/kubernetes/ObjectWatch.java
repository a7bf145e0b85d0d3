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
 * All objects of a cluster as its API server has them, by the service account that they are about;
 * listed anew whenever the watch has missed something.
 */
final class ObjectWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ObjectWatch.class);
  private static final String BY_WORKLOAD = "workload";

  private static final long PAGE = 500;

  private final String cluster;
  private final SharedIndexInformer<PodIdentityAssociation> informer;

  /** So that it is said once, and not at each of the informer's tries. */
  private final AtomicBoolean failing = new AtomicBoolean();

  ObjectWatch(KubernetesClient client, String cluster) {
    this.cluster = cluster;
    // With a limit the first list is as new as the API server's storage; without, as old as its
    // memory may be, and what somebody has just made would look as if it were gone.
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
                    "objects cannot be watched, trying again: what is declared takes effect once the"
                        + " API server answers");
          }
          return true;
        });
  }

  /**
   * Begins.
   *
   * @param changed told which service accounts to look at again
   * @param gone told the uids of objects that are no more
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

  /** Whether all objects are known. From one thread, now and then. */
  boolean synced() {
    if (informer.isWatching() && failing.compareAndSet(true, false)) {
      LOG.atInfo().addKeyValue("cluster", cluster).log("objects are watched again");
    }
    return informer.hasSynced();
  }

  /** The objects about a service account. */
  List<PodIdentityAssociation> of(AssociationKey key) {
    return informer.getIndexer().byIndex(BY_WORKLOAD, key.namespace() + "/" + key.serviceAccount());
  }

  /** The service accounts that there are objects about. */
  Set<AssociationKey> keys() {
    return informer.getIndexer().list().stream()
        .flatMap(object -> key(object).stream())
        .collect(Collectors.toSet());
  }

  @Override
  public void close() {
    informer.close();
  }

  /** An object as the association package sees it. */
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

  /** None for an object that the schema should not have let through. */
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
