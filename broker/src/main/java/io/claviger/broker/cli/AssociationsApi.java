package io.claviger.broker.cli;

import io.claviger.schemas.association.AssociationSpec;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.eks.EksClient;
import software.amazon.awssdk.services.eks.model.PodIdentityAssociationSummary;
import software.amazon.awssdk.services.eks.model.ResourceNotFoundException;

/**
 * Client of EKS's operations on one cluster's associations. Calls block. If the API rejects a call
 * or cannot be reached, the call throws the SDK's {@link
 * software.amazon.awssdk.core.exception.SdkException}. The SDK retries retryable failures.
 */
public final class AssociationsApi implements AutoCloseable {

  /** Concurrent requests: enough for thousands of associations in seconds; a light load. */
  private static final int AT_ONCE = 16;

  private static final int PAGE = 100;

  private final EksClient eks;
  private final String cluster;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          AT_ONCE, task -> Thread.ofPlatform().name("associations").daemon().unstarted(task));

  AssociationsApi(EksClient eks, String cluster) {
    this.eks = eks;
    this.cluster = cluster;
  }

  /**
   * Lists the associations that the access key may see. A namespace or a service account narrows
   * the list.
   */
  List<PodIdentityAssociationSummary> list(
      @Nullable String namespace, @Nullable String serviceAccount) {
    return eks
        .listPodIdentityAssociationsPaginator(
            page ->
                page.clusterName(cluster)
                    .namespace(namespace)
                    .serviceAccount(serviceAccount)
                    .maxResults(PAGE))
        .associations()
        .stream()
        .toList();
  }

  /** As {@link #list}, with all fields, ordered by namespace and service account. */
  List<RemoteAssociation> describeAll(@Nullable String namespace, @Nullable String serviceAccount) {
    return atOnce(list(namespace, serviceAccount), summary -> find(summary.associationId()))
        .stream()
        .map(FutureValue::of)
        .flatMap(Optional::stream)
        .sorted(
            Comparator.comparing((RemoteAssociation found) -> found.spec().namespace())
                .thenComparing(found -> found.spec().serviceAccount()))
        .toList();
  }

  /** The association with this id, if it exists. */
  Optional<RemoteAssociation> find(String id) {
    try {
      return Optional.of(describe(id));
    } catch (ResourceNotFoundException e) {
      return Optional.empty();
    }
  }

  private RemoteAssociation describe(String id) {
    return RemoteAssociation.of(
        eks.describePodIdentityAssociation(one -> one.clusterName(cluster).associationId(id))
            .association());
  }

  RemoteAssociation create(AssociationSpec spec) {
    return RemoteAssociation.of(
        eks.createPodIdentityAssociation(
                one ->
                    one.clusterName(cluster)
                        .namespace(spec.namespace())
                        .serviceAccount(spec.serviceAccount())
                        .roleArn(spec.roleArn())
                        .targetRoleArn(spec.targetRoleArn())
                        .disableSessionTags(spec.disableSessionTags() ? true : null)
                        .policy(spec.policy())
                        .tags(spec.tags()))
            .association());
  }

  /** Changes fields and tags, in up to three requests. */
  void change(RemoteAssociation association, SpecChange change) {
    if (change.ofFields()) {
      // An absent field stays unchanged. An empty target role or policy removes the field.
      eks.updatePodIdentityAssociation(
          one ->
              one.clusterName(cluster)
                  .associationId(association.id())
                  .roleArn(change.roleArn())
                  .targetRoleArn(change.targetRoleArn())
                  .disableSessionTags(change.disableSessionTags())
                  .policy(change.policy()));
    }
    // Removes old tags first: old and new tags together may exceed the limit of an association.
    if (!change.tagsToRemove().isEmpty()) {
      eks.untagResource(one -> one.resourceArn(association.arn()).tagKeys(change.tagsToRemove()));
    }
    if (!change.tagsToSet().isEmpty()) {
      eks.tagResource(one -> one.resourceArn(association.arn()).tags(change.tagsToSet()));
    }
  }

  void delete(String id) {
    eks.deletePodIdentityAssociation(one -> one.clusterName(cluster).associationId(id));
  }

  /** Submits the work for each item, some at a time. Results are in the order of the items. */
  <T, R> List<Future<R>> atOnce(List<T> items, Function<T, R> work) {
    return items.stream().map(item -> threads.submit(() -> work.apply(item))).toList();
  }

  @Override
  public void close() {
    threads.shutdownNow();
    eks.close();
  }
}
