package io.claviger.checker;

import io.claviger.checker.RoleHistory.Change;
import io.claviger.stsfake.AssumedRole;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether answers were allowed. It uses no knowledge of the mesh's workings. It uses only
 * the sessions that STS issued, the changes that were requested, and those that the mesh
 * acknowledged.
 */
public final class AnswerChecker {

  /** How long the mesh may keep refusing after STS has denied a role. */
  private static final Duration REMEMBERED = Duration.ofSeconds(10);

  private final RoleHistory history;
  private final List<AssumedRole> denied;
  private final Map<String, AssumedRole> sessions;
  private final Staleness staleness;

  /** How long an edge may serve its old state after a change was acknowledged. */
  @FunctionalInterface
  public interface Staleness {
    /**
     * Returns the allowed time.
     *
     * @param edge the node of the edge
     * @param at when the request was sent; the edge may have been cut off then
     */
    Duration allowed(String edge, Instant at);
  }

  /**
   * Checks answers of one run.
   *
   * @param sts the results of the AssumeRole calls
   */
  public AnswerChecker(RoleHistory history, List<AssumedRole> sts, Staleness staleness) {
    this.history = history;
    this.sessions =
        sts.stream()
            .filter(call -> call.accessKeyId() != null)
            .collect(Collectors.toMap(call -> String.valueOf(call.accessKeyId()), call -> call));
    this.denied = sts.stream().filter(call -> "AccessDenied".equals(call.error())).toList();
    this.staleness = staleness;
  }

  /** The violation in an answer, if any. A missing answer is allowed. */
  public Optional<Violation> check(Answer answer) {
    if (answer.served()) {
      return served(answer);
    }
    boolean wrong =
        answer.status() == Answer.REFUSED
            && answer.isOwnNode()
            && hasRoleBefore(answer)
            && !isDenied(answer);
    return wrong
        ? violation(Violation.Kind.WRONG_REFUSAL, answer, "refused, although it has a role")
        : Optional.empty();
  }

  private boolean hasRoleBefore(Answer answer) {
    Instant since = answer.due().minus(staleness.allowed(answer.edge(), answer.due()));
    return history.of(answer.workload()).stream()
        .anyMatch(change -> change.isAcknowledgedAt(since));
  }

  /** Whether STS has just denied a role of the service account. */
  private boolean isDenied(Answer answer) {
    List<Change> changes = history.of(answer.workload());
    return denied.stream()
        .filter(call -> call.at().isBefore(answer.at()))
        .filter(call -> call.at().isAfter(answer.due().minus(REMEMBERED)))
        .anyMatch(
            call -> changes.stream().anyMatch(change -> change.role().equals(call.roleArn())));
  }

  private Optional<Violation> served(Answer answer) {
    if (!answer.isOwnNode()) {
      return violation(
          Violation.Kind.ANOTHER_NODE, answer, "served to a token of node " + answer.node());
    }
    AssumedRole session = sessions.get(answer.accessKeyId());
    if (session == null) {
      return violation(Violation.Kind.UNKNOWN_SESSION, answer, "STS issued no such session");
    }
    Instant end = session.expiration();
    if (end == null || end.isBefore(answer.at())) {
      return violation(Violation.Kind.EXPIRED_SESSION, answer, "a session that ended at " + end);
    }
    String tagged = tagged(session);
    if (tagged != null && !tagged.equals(answer.workload())) {
      return violation(Violation.Kind.ANOTHERS_SESSION, answer, "a session of " + tagged);
    }
    return ofRole(answer, session.roleArn());
  }

  private static @Nullable String tagged(AssumedRole session) {
    String namespace = session.tags().get("kubernetes-namespace");
    return namespace == null
        ? null
        : namespace + "/" + session.tags().get("kubernetes-service-account");
  }

  private Optional<Violation> ofRole(Answer answer, String role) {
    List<Change> changes = history.of(answer.workload());
    List<Integer> given = new ArrayList<>();
    for (int i = 0; i < changes.size(); i++) {
      if (changes.get(i).role().equals(role) && !changes.get(i).asked().isAfter(answer.at())) {
        given.add(i);
      }
    }
    if (given.isEmpty()) {
      return violation(Violation.Kind.ROLE_NOT_GIVEN, answer, "a session of " + role);
    }
    Instant since = answer.due().minus(staleness.allowed(answer.edge(), answer.due()));
    boolean allowed =
        given.stream()
            .anyMatch(
                number ->
                    changes.subList(number + 1, changes.size()).stream()
                        .noneMatch(later -> later.isAcknowledgedAt(since)));
    return allowed
        ? Optional.empty()
        : violation(Violation.Kind.OLD_ROLE, answer, "a session of its former role " + role);
  }

  private static Optional<Violation> violation(Violation.Kind kind, Answer answer, String what) {
    return Optional.of(
        new Violation(
            kind,
            "%s at %s, due %s: %s %s"
                .formatted(
                    answer.workload(), answer.edge(), answer.due(), answer.accessKeyId(), what)));
  }
}
