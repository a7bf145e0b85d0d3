package io.claviger.edge.telemetry;

import io.claviger.edge.credential.CredentialObserver;
import io.claviger.edge.credential.PodLookup;
import io.claviger.edge.revocation.AssociationChanges;

/** Names of the edge's meters; what is said of one here is its line in {@code docs/metrics.md}. */
public final class Meters {

  /** Counter by {@code result} ({@link EdgeMeters.RequestResult}): requests of pods. */
  public static final String REQUESTS = "claviger.edge.requests";

  /** Timer: how long requests waited that had to ask a broker. */
  public static final String WAIT = "claviger.edge.wait";

  /**
   * Counter by {@code result} ({@link CredentialObserver.FlightResult}): requests to brokers that
   * have ended, one for all pods that wait for the same session.
   */
  public static final String FLIGHTS = "claviger.edge.flights";

  /** Gauge: pods that are served, of which brokers say when they are gone. */
  public static final String PODS_SERVED = "claviger.edge.pods.served";

  /**
   * Counter: pods of this node of which a broker said that they are gone; their tokens and sessions
   * were dropped.
   */
  public static final String PODS_DELETED = "claviger.edge.pods.deleted";

  /**
   * Counter by {@code result} ({@link PodLookup.Presence}): pods that were new to this edge, and of
   * which a broker was asked whether they are there.
   */
  public static final String POD_LOOKUPS = "claviger.edge.pods.lookups";

  /** Gauge: flights under way. */
  public static final String FLIGHTS_UNDER_WAY = "claviger.edge.flights.under.way";

  /**
   * Counter by {@code result} ({@link CredentialObserver.RefreshResult}): sessions that were to be
   * renewed ahead of their end.
   */
  public static final String REFRESHES = "claviger.edge.refreshes";

  /** Gauge: sessions cached. */
  public static final String SESSIONS = "claviger.edge.sessions";

  /** Counter: sessions dropped because they were about to end. */
  public static final String SESSIONS_ENDED = "claviger.edge.sessions.ended";

  /** Gauge in seconds: the shortest remaining life of what is cached; 0 when nothing is. */
  public static final String SHORTEST_REMAINING =
      "claviger.edge.sessions.shortest.remaining.seconds";

  /** Gauge: sessions that ought to have been refreshed long ago. */
  public static final String BELOW_ALARM = "claviger.edge.sessions.below.alarm";

  /**
   * Counter by {@code kind} ({@link AssociationChanges.Kind}): associations of which a broker said
   * that they changed.
   */
  public static final String CHANGES = "claviger.edge.association.changes";

  /** Counter: answers made before their association changed, and asked for again. */
  public static final String OUTDATED_ANSWERS = "claviger.edge.outdated.answers";

  /**
   * Gauge in seconds: for how long changes may have been missed: since a broker was heard that knew
   * all.
   */
  public static final String STALENESS = "claviger.edge.staleness.seconds";

  /**
   * Counter by {@code result} ({@link EdgeMeters.SyncResult}): what came of reporting to a broker
   * what is cached.
   */
  public static final String SYNCS = "claviger.edge.syncs";

  /**
   * Counter by {@code result} ({@link EdgeMeters.UpstreamResult}): brokers connected to and logged
   * in at.
   */
  public static final String CONNECTS = "claviger.edge.upstream.connects";

  /** Gauge: brokers connected and logged in at. */
  public static final String CONNECTIONS = "claviger.edge.upstream.connections";

  /** Counter: connections that were logged in and have ended. */
  public static final String LOST = "claviger.edge.upstream.lost";

  /**
   * Counter: connections replaced by one to another broker while they were good, because that
   * broker is the one that this node prefers: after a broker has come, one an edge at most.
   */
  public static final String REBALANCES = "claviger.edge.upstream.rebalances";

  /** Counter: requests for which the second broker was asked because the first was silent. */
  public static final String HEDGES = "claviger.edge.upstream.hedges";

  /**
   * Counter: times that it was not asked although the first was silent, because too few requests
   * had been answered.
   */
  public static final String HEDGES_DENIED = "claviger.edge.upstream.hedges.denied";

  /**
   * Counter by {@code result} ({@link EdgeMeters.UpstreamResult}): key sets that arrived, and could
   * be used or not.
   */
  public static final String KEY_SETS = "claviger.edge.key.sets";

  /** Gauge in seconds: since a broker fetched the key set that is cached; -1 while none is. */
  public static final String KEY_SET_AGE = "claviger.edge.key.set.age.seconds";

  /**
   * Counter by {@code result} ({@link EdgeMeters.AuditResult}): what the audit stream is to have of
   * this node.
   */
  public static final String AUDIT_EVENTS = "claviger.edge.audit.events";

  /** Gauge: what the audit stream is to have and no broker has taken yet. */
  public static final String AUDIT_QUEUED = "claviger.edge.audit.queued";

  /** Gauge: how long the edge warmed up before it was ready, or has so far. */
  public static final String WARM_UP = "claviger.warm.up.seconds";

  /** Gauge: addresses that pods can ask at. */
  public static final String LISTENING = "claviger.edge.listening";

  /** Counter: failures to listen on an address. */
  public static final String LISTEN_FAILURES = "claviger.edge.listen.failures";

  /** Counter: clients cut off: too slow, or one too many. */
  public static final String CUT_OFF = "claviger.edge.clients.cut.off";

  private Meters() {}
}
