package io.claviger.broker.association;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationChange;
import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationOutcome;
import io.claviger.schemas.association.AssociationOutcome.Accepted;
import io.claviger.schemas.association.AssociationOutcome.Bound;
import io.claviger.schemas.association.AssociationOutcome.Effect;
import io.claviger.schemas.association.AssociationOutcome.Refused;
import io.claviger.schemas.association.AssociationOutcome.Result;
import io.claviger.schemas.association.AssociationOutcome.Settled;
import io.claviger.schemas.association.LogHead;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.association.RevocationChange;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Decides commands: the only place that determines what enters the log. It has no side effects: it
 * changes no state, and the caller applies the decision. Its only other inputs are the clock and
 * the random generator.
 *
 * <p>If a token already has an outcome, that outcome is returned again. If the token comes with
 * another input, the command is refused and the first outcome stays.
 */
public final class AssociationDecisions {

  private final Map<String, ClusterRules> clusters;
  private final Supplier<Grants> grants;
  private final InstantSource clock;
  private final AssociationIds ids;

  /**
   * Decides commands for the given clusters.
   *
   * @param clusters the registered clusters, by name
   * @param grants supplies the grants at the time of each decision
   * @param random generates association ids
   */
  public AssociationDecisions(
      Map<String, ClusterRules> clusters,
      Supplier<Grants> grants,
      InstantSource clock,
      RandomGenerator random) {
    this.clusters = Map.copyOf(clusters);
    this.grants = grants;
    this.clock = clock;
    this.ids = new AssociationIds(random);
  }

  /** Decides a command on top of all earlier decisions. */
  public Decision decide(AssociationCommand command, LogState state) {
    Instant now = clock.instant();
    Optional<AssociationOutcome> earlier =
        state.outcome(command.cluster(), command.clientRequestToken(), now);
    return earlier.isPresent()
        ? again(command, earlier.get(), now, state)
        : anew(command, now, state);
  }

  /**
   * Returns the entries that a log has lost and that tables still contain. The writer appends them
   * before it decides any command; see {@link LostChanges}.
   *
   * @param tables of brokers
   * @param inLog selects the clusters whose logs are in this partition
   */
  public List<LogEntry> lost(List<TableSnapshot> tables, LogState state, Predicate<String> inLog) {
    return LostChanges.of(tables, state, inLog, clock);
  }

  private Decision again(
      AssociationCommand command, AssociationOutcome earlier, Instant now, LogState state) {
    if (earlier.inputHash().equals(InputHash.of(command))) {
      return new Decision(Optional.empty(), List.of(earlier));
    }
    Result refused = Refusals.otherInput(command.clientRequestToken());
    Position head = state.head(command.cluster());
    return new Decision(Optional.empty(), List.of(outcome(command, refused, head, now), earlier));
  }

  private Decision anew(AssociationCommand command, Instant now, LogState state) {
    Position head = state.head(command.cluster());
    Result result = result(command, now, state);
    Optional<LogEntry> entry = entry(command, result, head, next(head, now));
    Position at = entry.map(LogEntry::position).orElse(head);
    return new Decision(entry, List.of(outcome(command, result, at, now)));
  }

  /** Returns the entry to append; empty if nothing changes. */
  private static Optional<LogEntry> entry(
      AssociationCommand command, Result result, Position head, Position next) {
    return switch (result) {
      case Refused refused -> Optional.empty();
      case Accepted(Effect effect, Association association) ->
          switch (effect) {
            case CREATED, CHANGED ->
                Optional.of(
                    new LogEntry.Changed(AssociationChange.of(association, next, command.actor())));
            case REMOVED ->
                Optional.of(
                    new LogEntry.Removed(
                        association.key(),
                        association.id(),
                        association.revision(),
                        next,
                        command.actor()));
            case UNCHANGED -> Optional.empty();
          };
      case Settled(Effect effect, Revocation revocation) ->
          switch (effect) {
            case CREATED, CHANGED ->
                Optional.of(new LogEntry.Revoked(RevocationChange.of(revocation, next)));
            case REMOVED ->
                Optional.of(
                    new LogEntry.Restored(
                        revocation.cluster(), revocation.subject(), next, command.actor()));
            case UNCHANGED -> Optional.empty();
          };
      // Binding changes no association: the entry keeps the position of the last change.
      case Bound(Effect effect, String uid) ->
          effect == Effect.UNCHANGED
              ? Optional.empty()
              : Optional.of(new LogEntry.Head(LogHead.of(command.cluster(), head, uid)));
    };
  }

  private Result result(AssociationCommand command, Instant now, LogState state) {
    ClusterRules rules = clusters.get(command.cluster());
    if (rules == null) {
      return Refusals.unknownCluster(command.cluster());
    }
    // The log may have forgotten this token's outcome. The command could take effect twice.
    if (!command.requestedAt().isAfter(now.minus(LogState.REMEMBERED))) {
      return Refusals.tooOld();
    }
    Grants granted = grants.get();
    String actor = command.actor();
    RevocationRules revocations =
        new RevocationRules(command.cluster(), granted, actor, state, now);
    return switch (command.operation()) {
      case AssociationCommand.Revoke revoke -> revocations.rule(revoke);
      case AssociationCommand.Restore restore -> revocations.rule(restore);
      case AssociationCommand.Bind bind -> bind(command, bind, granted, state);
      case AssociationCommand.OnAssociation operation ->
          new OperationRules(rules, granted, actor, state, ids, now).rule(operation);
    };
  }

  /**
   * Brokers bind a log once, before objects have made any association. Later only an administrator
   * may bind it, who may revoke in the whole cluster.
   */
  private static Result bind(
      AssociationCommand command, AssociationCommand.Bind bind, Grants granted, LogState state) {
    String bound = state.clusterUid(command.cluster());
    Optional<String> missing =
        bind.again()
            ? granted.missingToRevokeEverywhere(command.actor(), command.cluster())
            : Optional.empty();
    if (missing.isPresent()) {
      return Refusals.notGranted(missing.get());
    }
    String uid = bind.clusterUid();
    if (bound == null) {
      // It is unknown which cluster those objects belonged to. An empty API server must not replace
      // it.
      return bind.again() || !state.hasAnyOfObjects(command.cluster())
          ? new Bound(Effect.CREATED, uid)
          : Refusals.unbound(command.cluster(), uid);
    }
    if (bound.equals(uid)) {
      return new Bound(Effect.UNCHANGED, uid);
    }
    return bind.again()
        ? new Bound(Effect.CHANGED, uid)
        : Refusals.ofAnotherCluster(command.cluster(), bound, uid);
  }

  /**
   * Returns the next position. A log without a head is new, or was lost and started again. Its
   * epoch is the current time, which is beyond every earlier epoch.
   */
  private static Position next(Position head, Instant now) {
    return head.equals(Position.NONE) ? new Position(now.getEpochSecond(), 1) : head.next();
  }

  private static AssociationOutcome outcome(
      AssociationCommand command, Result result, Position position, Instant now) {
    return new AssociationOutcome(
        1,
        command.cluster(),
        command.clientRequestToken(),
        InputHash.of(command),
        now,
        result,
        position);
  }
}
