package io.claviger.edge.telemetry;

import io.claviger.edge.credential.CredentialObserver;
import io.claviger.edge.credential.PodLookup;
import io.claviger.edge.revocation.AssociationChanges;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The edge's meters, by the names in {@link Meters}. Labels are closed sets; no pod, role or token
 * is ever in one. Thread-safe.
 */
public final class EdgeMeters implements CredentialObserver {

  private static final String RESULT = "result";

  /** Counted by {@link #count(String)}; exported before the first count. */
  private static final List<String> COUNTED =
      List.of(
          Meters.PODS_DELETED,
          Meters.HEDGES,
          Meters.HEDGES_DENIED,
          Meters.LOST,
          Meters.REBALANCES,
          Meters.LISTEN_FAILURES,
          Meters.CUT_OFF);

  /** How a request was answered. */
  public enum RequestResult {
    /** 200 from the cache. */
    HIT,
    /** 200 after a broker answered. */
    MISS,
    /** 4xx: wrong path, method, Host or token. */
    REJECTED,
    /** 4xx: a broker refused. */
    REFUSED,
    /** 503: the brokers cannot answer now. */
    UNAVAILABLE,
    /** 503: no answer came within the deadline. */
    DEADLINE,
    /** 503: no association, and the pod is so new that one may be on its way. */
    EARLY,
    /** 503: too many requests are under way. */
    OVERLOADED,
    /** 503: it was read too late after its arrival to be answered in time. */
    LATE,
    /** No answer: the client disconnected before the request was read. */
    GONE
  }

  /** The result of an upstream operation. */
  public enum UpstreamResult {
    OK,
    FAILED
  }

  /** The result of reporting the cache to a broker. */
  public enum SyncResult {
    /** The broker returned the entries that are no longer current. */
    SYNCED,
    /** The broker cannot answer: it has seen less of the log than this edge. */
    BEHIND,
    /** The broker gave no answer, or does not support the request. */
    FAILED
  }

  /** What became of an audit event. */
  public enum AuditResult {
    /** A broker accepted it. */
    TAKEN,
    /** Dropped: the queue was full. */
    DROPPED
  }

  private final MeterRegistry registry;
  private final Map<RequestResult, Counter> requests;
  private final Map<FlightResult, Counter> flights;
  private final Map<RefreshResult, Counter> refreshes;
  private final Map<UpstreamResult, Counter> connects;
  private final Map<UpstreamResult, Counter> keySets;
  private final Map<SyncResult, Counter> syncs;
  private final Map<AssociationChanges.Kind, Counter> changes;
  private final Map<AuditResult, Counter> auditEvents;
  private final Map<PodLookup.Presence, Counter> brokerPodLookup;
  private final Map<String, Counter> counted;
  private final Counter outdatedAnswers;
  private final Counter ended;
  private final Timer waits;

  public EdgeMeters(MeterRegistry registry) {
    this.registry = registry;
    this.requests = counters(Meters.REQUESTS, RESULT, RequestResult.class);
    this.flights = counters(Meters.FLIGHTS, RESULT, FlightResult.class);
    this.refreshes = counters(Meters.REFRESHES, RESULT, RefreshResult.class);
    this.connects = counters(Meters.CONNECTS, RESULT, UpstreamResult.class);
    this.keySets = counters(Meters.KEY_SETS, RESULT, UpstreamResult.class);
    this.syncs = counters(Meters.SYNCS, RESULT, SyncResult.class);
    this.changes = counters(Meters.CHANGES, "kind", AssociationChanges.Kind.class);
    this.auditEvents = counters(Meters.AUDIT_EVENTS, RESULT, AuditResult.class);
    this.brokerPodLookup = counters(Meters.POD_LOOKUPS, RESULT, PodLookup.Presence.class);
    this.outdatedAnswers = registry.counter(Meters.OUTDATED_ANSWERS);
    this.ended = registry.counter(Meters.SESSIONS_ENDED);
    this.waits = registry.timer(Meters.WAIT);
    this.counted =
        COUNTED.stream().collect(Collectors.toMap(Function.identity(), registry::counter));
  }

  private <E extends Enum<E>> Map<E, Counter> counters(String name, String label, Class<E> type) {
    Map<E, Counter> counters = new EnumMap<>(type);
    for (E value : type.getEnumConstants()) {
      String text = value.name().toLowerCase(Locale.ROOT);
      counters.put(value, registry.counter(name, List.of(Tag.of(label, text))));
    }
    return counters;
  }

  private static <E extends Enum<E>> void count(Map<E, Counter> counters, E value) {
    Counter counter = counters.get(value);
    if (counter != null) {
      counter.increment();
    }
  }

  /** Counts an answered request. */
  public void request(RequestResult result) {
    count(requests, result);
  }

  /** Records how long a request waited that a broker had to answer. */
  public void waited(Duration time) {
    waits.record(time);
  }

  @Override
  public void flight(FlightResult result) {
    count(flights, result);
  }

  @Override
  public void refresh(RefreshResult result) {
    count(refreshes, result);
  }

  @Override
  public void outdatedAnswer() {
    outdatedAnswers.increment();
  }

  @Override
  public void ended() {
    ended.increment();
  }

  /** Counts a change of an association that a broker reported. */
  public void changed(AssociationChanges.Kind kind) {
    count(changes, kind);
  }

  /** Counts an attempt to connect to and log in at a broker. */
  public void connect(UpstreamResult result) {
    count(connects, result);
  }

  /** Counts a received key set, usable or not. */
  public void keySet(UpstreamResult result) {
    count(keySets, result);
  }

  /** Counts a report of the cache to a broker. */
  public void sync(SyncResult result) {
    count(syncs, result);
  }

  /** Counts an audit event that a broker accepted or that was dropped. */
  public void audit(AuditResult result) {
    count(auditEvents, result);
  }

  /** Counts a new pod about which a broker was asked. */
  public void podLookup(PodLookup.Presence result) {
    count(brokerPodLookup, result);
  }

  /**
   * Counts one event of a counter without labels.
   *
   * @param meter its name in {@link Meters}
   * @throws NullPointerException if it is not exported from the start
   */
  public void count(String meter) {
    Objects.requireNonNull(counted.get(meter), meter).increment();
  }

  /** Registers the source of a gauge, by its name in {@link Meters}. */
  public void read(String meter, Supplier<Number> source) {
    Gauge.builder(meter, source).register(registry);
  }
}
