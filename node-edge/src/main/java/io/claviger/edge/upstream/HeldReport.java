package io.claviger.edge.upstream;

import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.PodReport;
import io.claviger.schemas.bus.PodReportReply;
import io.claviger.schemas.bus.Sync;
import java.util.Collection;

/**
 * What this edge holds, as brokers are told of it, and what they say to it. Called on the
 * upstream's context; must not block.
 */
public interface HeldReport {

  /** The newest position of the cluster's log that was seen anywhere. */
  Position newest();

  /** What is held and what was refused, each service account and revision once. */
  Collection<Sync.Known> known();

  /**
   * A broker says that something that it was told is not so any more.
   *
   * @param position that it says so at
   */
  void moved(Sync.Known known, Position position);

  /** A broker that was told everything is there. */
  void confirmed();

  /** No broker can say what of it is still so: each has to be asked for. */
  void verifyAgain();

  /** The pods that are served. */
  Collection<PodReport.Pod> pods();

  /** What a broker says of pods that it was told of. */
  void answered(PodReportReply reply);
}
