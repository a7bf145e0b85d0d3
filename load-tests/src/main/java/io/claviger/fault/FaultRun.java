package io.claviger.fault;

import io.claviger.checker.Answer;
import io.claviger.checker.AnswerChecker;
import io.claviger.checker.RoleHistory;
import io.claviger.checker.Violation;
import io.claviger.fault.Fault.Promise;
import io.claviger.fault.PodLoad.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One fault in a mesh, while pods send requests and an operator changes roles of service accounts.
 * Every answer is checked.
 */
public final class FaultRun {

  /** The time within which a change takes effect on every node. */
  private static final Duration PROMISED = Duration.ofSeconds(1);

  /** The allowed staleness of a stopped edge, which receives no changes. */
  private static final Duration CUT_OFF = Duration.ofHours(1);

  /**
   * Like {@link #PROMISED}, for edges that have just started, in a quick run. The machine starts
   * other processes at the same time.
   */
  private static final Duration PROMISED_WHEN_NEW = Duration.ofSeconds(3);

  /** The part of the SDK fetches that may fail at such edges, in a quick run. */
  private static final double FAILED_WHEN_NEW = 0.2;

  /** The time to recover, from when all processes are ready again. */
  private static final Duration RECOVERY = Duration.ofSeconds(2);

  private static final Integer UNAVAILABLE = 503;
  private static final int EXAMPLES = 5;

  /** The maximum of AssumeRole calls a service account after everything was killed. */
  private static final double CALLS = 1.05;

  private final Stage stage;
  private final Size size;
  private final Fault fault;
  private final String namespace;
  private final RoleHistory history = new RoleHistory();
  private Instant begin = Instant.MAX;
  private Instant undone = Instant.MAX;
  private Instant end = Instant.MAX;
  private long callsAtBegin;

  /**
   * The size and the durations of a run.
   *
   * @param accounts number of service accounts
   * @param changing number of these whose roles change
   * @param rate requests a second of running pods; the SDKs send half as many
   * @param before time before the fault
   * @param during time from the beginning of the fault to its end
   * @param after time from when all members are ready again
   * @param mostWithout the part of the single requests that may fail to get credentials
   * @param newEdgesMayBeLate whether edges that have just started may be late with changes and SDK
   *     fetches
   */
  public record Size(
      int accounts,
      int changing,
      int rate,
      Duration before,
      Duration during,
      Duration after,
      double mostWithout,
      boolean newEdgesMayBeLate) {

    /**
     * For a quick check of programs that have just started. While the JVM compiles them, one single
     * request in ten may fail; an SDK retries it.
     */
    public static final Size QUICK =
        new Size(
            4,
            2,
            80,
            Duration.ofMillis(500),
            Duration.ofSeconds(3),
            Duration.ofSeconds(3),
            0.1,
            true);

    /** For detecting wrong answers that occur only sometimes. */
    public static final Size SELF_TEST =
        new Size(
            4,
            2,
            80,
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(3),
            1,
            false);

    /** For a full run: 50 service accounts, and a fault of this duration. */
    public static Size lasting(Duration during) {
      return new Size(
          50, 10, 200, Duration.ofSeconds(10), during, Duration.ofSeconds(20), 0.001, false);
    }
  }

  private FaultRun(Stage stage, Size size, Fault fault, String namespace) {
    this.stage = stage;
    this.size = size;
    this.fault = fault;
    this.namespace = namespace;
  }

  /**
   * Starts a fault, ends it, and returns the results. Afterwards the mesh is as before.
   *
   * @param namespace the pods' namespace; each run on a mesh needs its own
   */
  public static FaultResult of(Stage stage, Size size, Fault fault, String namespace)
      throws InterruptedException {
    return new FaultRun(stage, size, fault, namespace).run();
  }

  private FaultResult run() throws InterruptedException {
    try (RoleChanger roles = new RoleChanger(stage.mesh(), history)) {
      for (String account : accounts()) {
        roles.create(namespace, account);
      }
      try (PodLoad load = new PodLoad(stage.mesh(), namespace, accounts(), size.rate())) {
        stage.sts().behaviour().latency(fault.sts());
        if (fault.changesRoles().isPositive()) {
          roles.start(
              namespace,
              accounts().subList(0, size.changing()),
              fault.changesRoles(),
              fault.sts().dividedBy(2));
        }
        act();
        load.requireAsking();
        roles.close();
        load.close();
        return result(load, roles.changes());
      }
    } finally {
      stage.sts().behaviour().clear();
    }
  }

  private List<String> accounts() {
    return IntStream.range(0, size.accounts()).mapToObj(number -> "sa-" + number).toList();
  }

  private void act() throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(size.before().toNanos());
    begin = Instant.now();
    callsAtBegin = stage.sts().ledger().assumeRoleCalls();
    fault.begin().on(stage);
    TimeUnit.NANOSECONDS.sleep(size.during().toNanos());
    undone = Instant.now();
    fault.end().on(stage);
    end = Instant.now();
    TimeUnit.NANOSECONDS.sleep(size.after().toNanos());
  }

  private FaultResult result(PodLoad load, long changes) {
    long assumeRole = stage.sts().ledger().assumeRoleCalls() - callsAtBegin;
    String hurt = stage.edge(1).node();
    AnswerChecker checker =
        new AnswerChecker(
            history,
            stage.sts().ledger().assumedRoles(),
            (edge, at) -> staleness(edge.equals(hurt), at));
    List<Violation> violations =
        Stream.concat(load.answers().stream(), load.served().stream())
            .flatMap(answer -> checker.check(answer).stream())
            .toList();
    List<Answer> own = load.answers().stream().filter(Answer::isOwnNode).toList();
    List<String> broken = new ArrayList<>();
    if (!violations.isEmpty()) {
      broken.add(violations.size() + " answers were not allowed");
    }
    List<String> examples =
        new ArrayList<>(violations.stream().map(Violation::toString).limit(EXAMPLES).toList());
    promises(hurt, own, load, broken, examples);
    if (fault.promise() == Promise.AFTERWARDS && assumeRole > CALLS * size.accounts()) {
      broken.add(assumeRole + " calls of AssumeRole for " + size.accounts() + " service accounts");
    }
    Map<Violation.Kind, Long> kinds = new EnumMap<>(Violation.Kind.class);
    violations.forEach(violation -> kinds.merge(violation.kind(), 1L, Long::sum));
    return new FaultResult(
        fault.name(),
        own.size(),
        count(own, UNAVAILABLE::equals),
        count(own, status -> status <= 0),
        count(own, status -> status > 0 && status != 200 && !UNAVAILABLE.equals(status)),
        load.answers().size() - own.size(),
        load.fetches().fetches(),
        load.failures().size(),
        load.millis(),
        changes,
        assumeRole,
        toTheLast(own),
        kinds,
        examples,
        broken);
  }

  /** From the start of the fault's end until the last unserved request was due. */
  private Duration toTheLast(List<Answer> own) {
    return own.stream()
        .filter(one -> !one.served())
        .map(Answer::due)
        .max(Comparator.naturalOrder())
        .filter(undone::isBefore)
        .map(last -> Duration.between(undone, last))
        .orElse(Duration.ZERO);
  }

  private static long count(List<Answer> of, Predicate<Integer> status) {
    return of.stream().filter(answer -> status.test(answer.status())).count();
  }

  private Duration staleness(boolean isHurt, Instant at) {
    boolean cutOff =
        isHurt
            && fault.promise() == Promise.OTHER_NODES_CUT_OFF
            && at.isAfter(begin)
            && at.isBefore(end.plus(PROMISED));
    if (cutOff) {
      return CUT_OFF;
    }
    return isLenient() ? PROMISED_WHEN_NEW : PROMISED;
  }

  private boolean isLenient() {
    return size.newEdgesMayBeLate() && fault.promise() == Promise.NEW_EDGES;
  }

  private void promises(
      String hurt, List<Answer> own, PodLoad load, List<String> broken, List<String> examples) {
    Instant recovered = end.plus(RECOVERY);
    List<String> changing = accounts().subList(0, size.changing());
    BiPredicate<String, String> promised =
        switch (fault.promise()) {
          case EVERY_FETCH, NEW_EDGES -> (edge, account) -> true;
          case OTHER_NODES, OTHER_NODES_CUT_OFF -> (edge, account) -> !edge.equals(hurt);
          case OTHER_ACCOUNTS -> (edge, account) -> !changing.contains(account);
          case AFTERWARDS -> (edge, account) -> false;
        };
    List<Failure> failed =
        load.failures().stream()
            .filter(one -> promised.test(one.edge(), one.account()) || one.due().isAfter(recovered))
            .toList();
    double mayFail = isLenient() ? FAILED_WHEN_NEW * load.fetches().fetches() : 0;
    if (failed.size() > mayFail) {
      broken.add(failed.size() + " fetches of SDKs failed");
    }
    Failure.reasons(failed, begin).limit(EXAMPLES).forEach(examples::add);
    List<Answer> concerned =
        own.stream()
            .filter(one -> promised.test(one.edge(), account(one)) || one.due().isAfter(recovered))
            .toList();
    long without = concerned.stream().filter(one -> !one.served()).count();
    if (without > size.mostWithout() * concerned.size()) {
      broken.add(without + " of " + concerned.size() + " requests were not served");
    }
  }

  private String account(Answer answer) {
    return answer.workload().substring(namespace.length() + 1);
  }
}
