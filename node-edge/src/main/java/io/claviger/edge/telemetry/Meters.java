package io.claviger.edge.telemetry;

import io.claviger.edge.credential.CredentialObserver;
import io.claviger.edge.credential.PodLookup;
import io.claviger.edge.revocation.AssociationChanges;

/** Names of the edge's meters; the javadoc of each is its line in {@code docs/metrics.md}. */
public final class Meters {

  /** Counter by {@code result} ({@link EdgeMeters.RequestResult}): requests of pods. */
  public static final String REQUESTS = "claviger.edge.requests";

  /** Timer: how long requests waited that a broker had to answer. */
  public static final String WAIT = "claviger.edge.wait";

  /**
   * Counter by {@code result} ({@link CredentialObserver.FlightResult}): requests to brokers that
   * have ended, one for all pods that wait for the same session.
   */
  public static final String FLIGHTS = "claviger.edge.flights";

  /** Gauge: served pods whose deletion brokers report to this edge. */
  public static final String PODS_SERVED = "claviger.edge.pods.served";

  /**
   * Counter: pods of this node that a broker reported as gone; their tokens and sessions were
   * dropped.
   */
  public static final String PODS_DELETED = "claviger.edge.pods.deleted";

  /**
   * Counter by {@code result} ({@link PodLookup.Presence}): pods new to this edge whose existence a
   * broker was asked to confirm.
   */
  public static final String POD_LOOKUPS = "claviger.edge.pods.lookups";

  /** Gauge: flights under way. */
  public static final String FLIGHTS_UNDER_WAY = "claviger.edge.flights.under.way";

  /**
   * Counter by {@code result} ({@link CredentialObserver.RefreshResult}): refreshes of sessions
   * ahead of expiry.
   */
  public static final String REFRESHES = "claviger.edge.refreshes";

  /** Gauge: cached sessions. */
  public static final String SESSIONS = "claviger.edge.sessions";

  /** Counter: sessions dropped because they were about to expire. */
  public static final String SESSIONS_ENDED = "claviger.edge.sessions.ended";

  /** Gauge in seconds: the shortest remaining lifetime of a cached session; 0 if there is none. */
  public static final String SHORTEST_REMAINING =
      "claviger.edge.sessions.shortest.remaining.seconds";

  /** Gauge: sessions that should have been refreshed long ago. */
  public static final String BELOW_ALARM = "claviger.edge.sessions.below.alarm";

  /**
   * Counter by {@code kind} ({@link AssociationChanges.Kind}): changes of associations that a
   * broker reported.
   */
  public static final String CHANGES = "claviger.edge.association.changes";

  /** Counter: answers from before a change of their association, requested again. */
  public static final String OUTDATED_ANSWERS = "claviger.edge.outdated.answers";

  /**
   * Gauge in seconds: how long changes may have been missed, since the last sign of life from a
   * broker that would have reported all.
   */
  public static final String STALENESS = "claviger.edge.staleness.seconds";

  /**
   * Counter by {@code result} ({@link EdgeMeters.SyncResult}): reports of the cache to a broker.
   */
  public static final String SYNCS = "claviger.edge.syncs";

  /**
   * Counter by {@code result} ({@link EdgeMeters.UpstreamResult}): attempts to connect to and log
   * in at a broker.
   */
  public static final String CONNECTS = "claviger.edge.upstream.connects";

  /** Gauge: brokers that this edge is logged in at. */
  public static final String CONNECTIONS = "claviger.edge.upstream.connections";

  /** Counter: logged-in connections that have ended. */
  public static final String LOST = "claviger.edge.upstream.lost";

  /**
   * Counter: good connections replaced by one to a broker that this node prefers. When a broker
   * joins, an edge replaces one connection at most.
   */
  public static final String REBALANCES = "claviger.edge.upstream.rebalances";

  /** Counter: requests sent to the second broker because the first was silent. */
  public static final String HEDGES = "claviger.edge.upstream.hedges";

  /**
   * Counter: requests not sent to the second broker although the first was silent, because too few
   * requests had been answered.
   */
  public static final String HEDGES_DENIED = "claviger.edge.upstream.hedges.denied";

  /**
   * Counter by {@code result} ({@link EdgeMeters.UpstreamResult}): received key sets, usable or
   * not.
   */
  public static final String KEY_SETS = "claviger.edge.key.sets";

  /** Gauge in seconds: age of the cached key set since a broker fetched it; -1 if there is none. */
  public static final String KEY_SET_AGE = "claviger.edge.key.set.age.seconds";

  /** Counter by {@code result} ({@link EdgeMeters.AuditResult}): audit events of this node. */
  public static final String AUDIT_EVENTS = "claviger.edge.audit.events";

  /** Gauge: audit events that no broker has accepted yet. */
  public static final String AUDIT_QUEUED = "claviger.edge.audit.queued";

  /** Gauge: how long the edge warmed up before it was ready, or has so far. */
  public static final String WARM_UP = "claviger.warm.up.seconds";

  /** Gauge: addresses for pods on which the edge listens. */
  public static final String LISTENING = "claviger.edge.listening";

  /** Counter: failures to listen on an address. */
  public static final String LISTEN_FAILURES = "claviger.edge.listen.failures";

  /** Counter: clients disconnected because they were too slow or exceeded a limit. */
  public static final String CUT_OFF = "claviger.edge.clients.cut.off";

  private Meters() {}
}
