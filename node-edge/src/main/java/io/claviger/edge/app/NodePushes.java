package io.claviger.edge.app;

import io.claviger.edge.credential.CachedAnswers;
import io.claviger.edge.credential.DeletedPods;
import io.claviger.edge.credential.Journal;
import io.claviger.edge.revocation.AssociationChanges;
import io.claviger.edge.revocation.PushSequence;
import io.claviger.edge.telemetry.EdgeMeters;
import io.claviger.edge.telemetry.EdgeMeters.UpstreamResult;
import io.claviger.edge.telemetry.Meters;
import io.claviger.edge.upstream.BrokerPushes;
import io.claviger.edge.upstream.CacheReport;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.AssociationChanged;
import io.claviger.schemas.bus.PodReport;
import io.claviger.schemas.bus.PodReportReply;
import io.claviger.schemas.bus.PodsGone;
import io.claviger.schemas.bus.PublishedKeys;
import io.claviger.schemas.bus.RevokedPods;
import io.claviger.schemas.bus.Sync;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes brokers' pushes to the packages that handle them, and reports what these cache. */
final class NodePushes implements BrokerPushes, CacheReport {

  private static final Logger LOG = LoggerFactory.getLogger(NodePushes.class);

  private final NodeState state;
  private final CachedAnswers cache;
  private final AssociationChanges changes;
  private final DeletedPods deleted;
  private final EdgeMeters meters;

  NodePushes(NodeState state, EdgeMeters meters) {
    this.state = state;
    this.cache = new CachedAnswers(state.memory());
    this.changes = new AssociationChanges(state.minPositions(), cache, meters::changed);
    this.deleted = state.deletedPods();
    this.meters = meters;
  }

  @Override
  public void position(Position position) {
    state.minPositions().saw(position);
  }

  @Override
  public void nodeUid(String uid) {
    state.tokens().servesNode(uid);
  }

  @Override
  public void keys(PublishedKeys keys) {
    try {
      if (state.tokens().accept(keys)) {
        state.memory().refreshTokens().forgetIf(token -> !state.tokens().trusts(token.keyId()));
      }
      meters.keySet(UpstreamResult.OK);
    } catch (IllegalArgumentException e) {
      meters.keySet(UpstreamResult.FAILED);
      LOG.atWarn()
          .addKeyValue("reason", e.getMessage())
          .log("a published key set was rejected, the previous one stays in use");
    }
  }

  @Override
  public void revokedPods(RevokedPods reported) {
    // The edge sends this position, so brokers behind it catch up before they answer.
    state.minPositions().saw(reported.position());
    if (state.podRevocations().accept(reported)) {
      state.memory().forgetRevoked(state.podRevocations());
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
            meters.count(Meters.PODS_DELETED);
            deleted.deleted(uid);
          }
        });
  }

  @Override
  public boolean changed(PushSequence sequence, AssociationChanged changed) {
    return changes.apply(sequence, changed) == AssociationChanges.Kind.IN_ORDER;
  }

  @Override
  public Position newest() {
    return state.minPositions().newest();
  }

  @Override
  public Collection<AssociationKey> associations() {
    return cache.associations();
  }

  @Override
  public Collection<Sync.Known> known(AssociationKey key) {
    return cache.known(key);
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
  public void changed(Sync.Known known, Position position) {
    changes.apply(known, position);
  }

  @Override
  public void confirmed() {
    state.staleness().confirmed();
  }

  @Override
  public void verifyAgain(Collection<AssociationKey> keys) {
    cache.verifyAgain(keys);
  }
}
