package io.claviger.stsfake;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the stand-in was asked. Calls are counted when they come, results when they go. Thread-safe.
 */
public final class StsLedger {

  private static final int MAX_RECORDS = 100_000;
  private static final int MAX_NAMES = 100_000;

  private final ConcurrentMap<String, LongAdder> actions = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, LongAdder> roles = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, LongAdder> errors = new ConcurrentHashMap<>();
  private final Deque<AssumedRole> records = new ArrayDeque<>();

  private final BusiestSecond busiest = new BusiestSecond();

  /** Calls of AssumeRole, whatever came of them. */
  public long assumeRoleCalls() {
    return calls("AssumeRole");
  }

  /** The most calls of AssumeRole that came within any second. */
  public int busiestSecond() {
    return busiest.most();
  }

  /** Calls of AssumeRole for one role, whatever came of them. */
  public long assumeRoleCalls(String roleArn) {
    return value(roles, roleArn);
  }

  /** Calls of an action that were signed well. */
  public long calls(String action) {
    return value(actions, action);
  }

  /** Answers with this error code, of any action. */
  public long errors(String code) {
    return value(errors, code);
  }

  /** Calls by action. */
  public Map<String, Long> callsByAction() {
    return values(actions);
  }

  /** Calls of AssumeRole by role. */
  public Map<String, Long> callsByRole() {
    return values(roles);
  }

  /** Answers by error code. */
  public Map<String, Long> errorsByCode() {
    return values(errors);
  }

  /** The calls of AssumeRole that were answered, oldest first; the last {@value #MAX_RECORDS}. */
  public List<AssumedRole> assumedRoles() {
    synchronized (records) {
      return List.copyOf(records);
    }
  }

  /** Those of one role. */
  public List<AssumedRole> assumedRoles(String roleArn) {
    return assumedRoles().stream().filter(record -> record.roleArn().equals(roleArn)).toList();
  }

  /** The call that issued an access key. */
  public Optional<AssumedRole> issuedAs(String accessKeyId) {
    return assumedRoles().stream()
        .filter(record -> accessKeyId.equals(record.accessKeyId()))
        .findAny();
  }

  /** Counts from nothing again. */
  public void clear() {
    actions.clear();
    roles.clear();
    errors.clear();
    busiest.clear();
    synchronized (records) {
      records.clear();
    }
  }

  void called(String action) {
    count(actions, action);
  }

  void calledFor(String roleArn, Instant when) {
    count(roles, roleArn);
    busiest.happened(when);
  }

  void failed(String code) {
    count(errors, code);
  }

  void answered(AssumedRole record) {
    synchronized (records) {
      if (records.size() == MAX_RECORDS) {
        records.removeFirst();
      }
      records.addLast(record);
    }
  }

  private static void count(ConcurrentMap<String, LongAdder> counts, String name) {
    String counted = counts.size() < MAX_NAMES || counts.containsKey(name) ? name : "others";
    counts.computeIfAbsent(counted, absent -> new LongAdder()).increment();
  }

  private static long value(ConcurrentMap<String, LongAdder> counts, String name) {
    LongAdder count = counts.get(name);
    return count == null ? 0 : count.sum();
  }

  private static Map<String, Long> values(ConcurrentMap<String, LongAdder> counts) {
    Map<String, Long> values = new TreeMap<>();
    counts.forEach((name, count) -> values.put(name, count.sum()));
    return values;
  }
}
