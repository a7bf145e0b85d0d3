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
 * What this edge reports of its cache to brokers, and handles of their answers. Called on the
 * upstream's context; must not block.
 */
public interface CacheReport {

  /** Returns the newest position of the cluster's log that was seen anywhere. */
  Position newest();

  /** Returns all service accounts with a cached session or refusal; the caller reads them all. */
  Collection<AssociationKey> associations();

  /**
   * Returns the cached sessions and the refusal of a service account; empty if they were dropped.
   */
  Collection<Sync.Known> known(AssociationKey key);

  /** Returns the service accounts with new entries. */
  Journal<AssociationKey> newlyKnown();

  /**
   * A broker answered that a reported entry is no longer current.
   *
   * @param position of the broker's answer
   */
  void changed(Sync.Known known, Position position);

  /** A broker that has received the whole report gave a sign of life. */
  void confirmed();

  /** No broker can confirm the entries of these service accounts: request them again. */
  void verifyAgain(Collection<AssociationKey> keys);

  /** Returns the uids of all served pods; the caller reads them all. */
  Collection<String> podUids();

  /** Returns a pod, if it is still served. */
  PodReport.@Nullable Pod pod(String uid);

  /** Returns the uids of pods that are served from now on. */
  Journal<String> newPods();

  /** A broker answered a report of pods. */
  void answered(PodReportReply reply);
}
