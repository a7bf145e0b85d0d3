package io.claviger.broker.ingress.api;

import io.claviger.broker.association.AssociationCatalog;
import io.claviger.broker.association.AssociationCommands;
import io.claviger.broker.association.AssociationWatches;
import io.claviger.broker.association.Grants;
import io.claviger.broker.identity.TokenVerifier;
import io.claviger.broker.issuance.ClusterProfile;
import io.claviger.broker.issuance.CredentialIssuer;
import io.claviger.config.cluster.Sealer;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/** The operations of the contract, by their ids. */
public final class ApiOperations {

  /** The sealing name of page tokens. */
  public static final String PAGE_TOKENS = PageTokens.NAME;

  private final Map<String, ApiOperation> byId;

  private ApiOperations(Map<String, ApiOperation> byId) {
    this.byId = byId;
  }

  /**
   * The dependencies of the operations.
   *
   * @param clusters the registered clusters, by name
   * @param descriptions the descriptions of the same clusters
   * @param commands answers once this broker's own table has applied the decision
   * @param pageTokens the sealer of the name {@link #PAGE_TOKENS}
   */
  public record Ports(
      Map<String, ClusterProfile> clusters,
      List<ClusterDescription> descriptions,
      Supplier<Grants> grants,
      AssociationCatalog catalog,
      AssociationWatches watches,
      AssociationCommands commands,
      Sealer pageTokens,
      TokenVerifier tokens,
      CredentialIssuer issuer,
      InstantSource clock,
      Supplier<UUID> uuids) {}

  /** Creates all operations. */
  public static ApiOperations of(Ports ports) {
    AssociationArns arns = new AssociationArns(ports.clusters());
    AssociationShapes shapes = new AssociationShapes(arns);
    ClusterAccess access = new ClusterAccess(arns, ports.grants());
    ApiCommands commands = new ApiCommands(access, ports.commands(), ports.clock(), ports.uuids());
    PageTokens pages = new PageTokens(ports.pageTokens(), ports.clock());
    ClusterOperations clusters =
        new ClusterOperations(ports.descriptions(), access, pages, commands);
    AssociationReads reads = new AssociationReads(access, ports.catalog(), arns, shapes, pages);
    AssociationWatching watching =
        new AssociationWatching(access, ports.grants(), ports.watches(), new WatchEvents(shapes));
    AssociationWrites writes = new AssociationWrites(arns, shapes, commands);
    RevocationOperations revocations = new RevocationOperations(access, ports.catalog(), commands);
    PodCredentials credentials =
        new PodCredentials(access, arns, ports.grants(), ports.tokens(), ports.issuer());
    return new ApiOperations(
        Map.ofEntries(
            operation("ListClusters", clusters::list),
            operation("DescribeCluster", clusters::describe),
            operation("BindCluster", clusters::bind),
            operation("CreatePodIdentityAssociation", writes::create),
            operation("DescribePodIdentityAssociation", reads::describe),
            operation(
                "ListPodIdentityAssociations",
                call -> call.flag("watch") ? watching.watch(call) : reads.list(call)),
            operation("UpdatePodIdentityAssociation", writes::update),
            operation("DeletePodIdentityAssociation", writes::delete),
            operation("ListTagsForResource", reads::tags),
            operation("TagResource", writes::tag),
            operation("UntagResource", writes::untag),
            operation("AssumeRoleForPodIdentity", credentials::assume),
            operation("ListRevocations", revocations::list),
            operation("CreateRevocation", revocations::create),
            operation("DeleteRevocation", revocations::delete)));
  }

  private static Map.Entry<String, ApiOperation> operation(String id, ApiOperation does) {
    return Map.entry(id, does);
  }

  Map<String, ApiOperation> byId() {
    return byId;
  }
}
