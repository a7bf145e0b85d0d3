package io.claviger.edge.app;

import io.claviger.edge.credential.DeletedPods;
import io.claviger.edge.credential.HeldAnswers;
import io.claviger.edge.credential.Journal;
import io.claviger.edge.credential.RevokedAnswers;
import io.claviger.edge.revocation.AssociationMoves;
import io.claviger.edge.revocation.PushSequence;
import io.claviger.edge.telemetry.EdgeMeters;
import io.claviger.edge.telemetry.EdgeMeters.UpstreamResult;
import io.claviger.edge.upstream.BrokerPushes;
import io.claviger.edge.upstream.HeldReport;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.AssociationMoved;
import io.claviger.schemas.bus.PodReport;
import io.claviger.schemas.bus.PodReportReply;
import io.claviger.schemas.bus.PodsGone;
import io.claviger.schemas.bus.PublishedKeys;
import io.claviger.schemas.bus.Sync;
import io.claviger.schemas.bus.Withheld;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leads what brokers say to the rooms that it concerns, and tells them what is held there. */
final class NodePushes implements BrokerPushes, HeldReport {

  private static final Logger LOG = LoggerFactory.getLogger(NodePushes.class);

  private final NodeState state;
  private final HeldAnswers held;
  private final AssociationMoves moves;
  private final RevokedAnswers revoked;
  private final DeletedPods deleted;
  private final EdgeMeters meters;

  NodePushes(NodeState state, EdgeMeters meters) {
    this.state = state;
    this.held = new HeldAnswers(state.sessions(), state.refusals());
    this.moves = new AssociationMoves(state.floors(), held, meters::moved);
    this.revoked = new RevokedAnswers(state.sessions(), state.refreshTokens(), state.refusals());
    this.deleted = state.deletedPods();
    this.meters = meters;
  }

  @Override
  public void position(Position position) {
    state.floors().saw(position);
  }

  @Override
  public void nodeUid(String uid) {
    state.tokens().servesNode(uid);
  }

  @Override
  public void keys(PublishedKeys keys) {
    try {
      if (state.tokens().accept(keys)) {
        state.refreshTokens().forgetIf(token -> !state.tokens().trusts(token.keyId()));
      }
      meters.keySet(UpstreamResult.OK);
    } catch (IllegalArgumentException e) {
      meters.keySet(UpstreamResult.FAILED);
      LOG.atWarn()
          .addKeyValue("reason", e.getMessage())
          .log("a published key set is of no use, the last one is kept");
    }
  }

  @Override
  public void withheld(Withheld told) {
    // Brokers that have not come so far are asked to before they answer.
    state.floors().saw(told.position());
    if (state.withheld().accept(told)) {
      revoked.apply(state.withheld());
    }
  }

  @Override
  public void gone(PodsGone gone) {
    gone(gone.uids());
  }

  private void gone(List<String> uids) {
    uids.forEach(
        uid -> {
          if (!state.tokens().isDeleted(uid)) {
            meters.podDeleted();
            deleted.deleted(uid);
          }
        });
  }

  @Override
  public boolean moved(PushSequence sequence, AssociationMoved moved) {
    return moves.apply(sequence, moved) == AssociationMoves.Kind.IN_ORDER;
  }

  @Override
  public Position newest() {
    return state.floors().newest();
  }

  @Override
  public Collection<AssociationKey> associations() {
    return held.associations();
  }

  @Override
  public Collection<Sync.Known> known(AssociationKey key) {
    return held.known(key);
  }

  @Override
  public Journal<AssociationKey> newlyKnown() {
    return state.newlyKnown();
  }

  @Override
  public Collection<String> podUids() {
    return state.served().uids();
  }

  @Override
  public PodReport.@Nullable Pod pod(String uid) {
    return state.served().find(uid);
  }

  @Override
  public Journal<String> newPods() {
    return state.served().newlyServed();
  }

  @Override
  public void answered(PodReportReply reply) {
    state.served().policy(reply.policy());
    gone(reply.gone());
  }

  @Override
  public void moved(Sync.Known known, Position position) {
    moves.apply(known, position);
  }

  @Override
  public void confirmed() {
    state.authority().confirmed();
  }

  @Override
  public void verifyAgain(Collection<AssociationKey> keys) {
    held.verifyAgain(keys);
  }
}
