package io.claviger.broker.issuance;

import io.claviger.broker.association.RevocationListener;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Revocation;
import java.util.Collection;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Drops the sessions that a revocation affects when it begins, and again when it ends. The second
 * drop removes sessions that were opened in between. A shared session stays if only one of its pods
 * or nodes is revoked.
 */
final class RevokedSessions implements RevocationListener {

  private final Function<String, Collection<Association>> associations;
  private final SessionPlanner planner;
  private final Sessions sessions;
  private final SessionEvents events;

  /**
   * Drops sessions of these associations.
   *
   * @param associations those of a cluster
   */
  RevokedSessions(
      Function<String, Collection<Association>> associations,
      SessionPlanner planner,
      Sessions sessions,
      SessionEvents events) {
    this.associations = associations;
    this.planner = planner;
    this.sessions = sessions;
    this.events = events;
  }

  @Override
  public void revoked(Revocation revocation, boolean inForce, Position position) {
    for (Association association : associations.apply(revocation.cluster())) {
      if (concerns(revocation, association)) {
        CompletionStage<Boolean> dropped =
            sessions.dropOtherRevisions(association.id(), OptionalLong.empty());
        if (inForce) {
          events.dropped(
              association,
              dropped,
              revocation.subject().text() + " is revoked by " + revocation.actor());
        }
      }
    }
  }

  private boolean concerns(Revocation revocation, Association association) {
    String name = revocation.subject().name();
    return switch (revocation.subject().kind()) {
      case ROLE, WORKLOAD -> revocation.subject().isAllOf(association);
      case POD ->
          planner.opensOneForEachPod(association)
              && (name.indexOf('/') < 0 || name.startsWith(association.spec().namespace() + "/"));
      case NODE -> planner.opensOneForEachPod(association);
    };
  }
}
