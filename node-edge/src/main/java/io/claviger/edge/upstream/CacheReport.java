package io.claviger.edge.upstream;

import io.claviger.edge.credential.Journal;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.PodReport;
import io.claviger.schemas.bus.PodReportReply;
import io.claviger.schemas.bus.Sync;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * What this edge caches, as brokers are told of it, and what they say to it. Called on the
 * upstream's context; must not block.
 */
public interface CacheReport {

  /** The newest position of the cluster's log that was seen anywhere. */
  Position newest();

  /**
   * The service accounts of which something is cached or was refused: all of them are looked at.
   */
  Collection<AssociationKey> associations();

  /**
   * What is cached of a service account, and that it was refused; nothing when it was forgotten.
   */
  Collection<Sync.Known> known(AssociationKey key);

  /** Those of which something became known. */
  Journal<AssociationKey> newlyKnown();

  /**
   * A broker says that something that it was told is not so any more.
   *
   * @param position that it says so at
   */
  void changed(Sync.Known known, Position position);

  /** A broker that was told everything is there. */
  void confirmed();

  /** No broker can say what of these is still so: they have to be asked for. */
  void verifyAgain(Collection<AssociationKey> keys);

  /** The uids of the pods that are served: all of them are looked at. */
  Collection<String> podUids();

  /** A pod, if it is still served. */
  PodReport.@Nullable Pod pod(String uid);

  /** The uids of those that are served from now on. */
  Journal<String> newPods();

  /** What a broker says of pods that it was told of. */
  void answered(PodReportReply reply);
}
