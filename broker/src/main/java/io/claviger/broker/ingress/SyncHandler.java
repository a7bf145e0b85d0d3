package io.claviger.broker.ingress;

import io.claviger.broker.association.Associations;
import io.claviger.broker.association.CatchUp;
import io.claviger.broker.association.Revocations;
import io.claviger.broker.telemetry.IngressMeters;
import io.claviger.config.bridge.Bodies;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.Sync;
import io.claviger.schemas.bus.SyncReply;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.util.Objects;

/**
 * Answers edges' reports of their caches with the entries that are stale. It subscribes the
 * connection before it reads the table, so that each change is either read or pushed.
 */
public final class SyncHandler extends VerticleBase {

  private static final int MALFORMED = 400;

  private final Associations associations;
  private final Revocations revocations;
  private final CatchUp catchUp;
  private final IngressMeters meters;

  /**
   * Creates a handler, to be deployed.
   *
   * @param associations the table
   * @param revocations those of the same table; a revoked association counts as deleted
   * @param catchUp waits until the table has reached the edge's position
   */
  public SyncHandler(
      Associations associations, Revocations revocations, CatchUp catchUp, IngressMeters meters) {
    this.associations = associations;
    this.revocations = revocations;
    this.catchUp = catchUp;
    this.meters = meters;
  }

  @Override
  public Future<?> start() {
    return EdgeMessages.handle(vertx, BusProtocol.SYNC, this::requested);
  }

  private void requested(Message<EdgeRequest> message) {
    String cluster = message.body().session().cluster();
    Sync sync = EdgeMessages.read(message, Sync.class, () -> meters.sync("malformed"));
    if (sync == null) {
      return;
    }
    if (!isOf(cluster, sync)) {
      meters.sync("malformed");
      message.fail(MALFORMED, "malformed Sync: it names a cluster other than the edge's");
      return;
    }
    sync.known().forEach(known -> message.body().connection().subscribe(known.key()));
    Future.fromCompletionStage(catchUp.reach(cluster, sync.position()), context)
        .otherwise(false)
        .onSuccess(reached -> reply(message, reached ? compare(cluster, sync) : behind(cluster)));
  }

  private static boolean isOf(String cluster, Sync sync) {
    return sync.known().stream().allMatch(known -> known.key().cluster().equals(cluster));
  }

  private SyncReply compare(String cluster, Sync sync) {
    // Reads the position first: an association may be newer than the position, never older.
    Position position = associations.position(cluster);
    return new SyncReply.Synced(
        position, sync.known().stream().filter(known -> !isStillSo(known)).toList());
  }

  private boolean isStillSo(Sync.Known known) {
    return associations
        .current(known.key())
        .filter(now -> revocations.ofAssociation(now).isEmpty())
        .map(now -> now.id().equals(known.associationId()) && now.revision() == known.revision())
        .orElseGet(() -> Objects.isNull(known.associationId()));
  }

  private SyncReply behind(String cluster) {
    return new SyncReply.Behind(associations.position(cluster));
  }

  private void reply(Message<EdgeRequest> message, SyncReply reply) {
    meters.sync(
        switch (reply) {
          case SyncReply.Synced synced -> "synced";
          case SyncReply.Behind behind -> "behind";
        });
    message.reply(Bodies.of(reply));
  }
}
