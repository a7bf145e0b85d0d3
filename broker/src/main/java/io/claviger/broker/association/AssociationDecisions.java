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
 * Decides commands: the one place where it is settled what gets into the log. Pure but for the
 * clock and the randomness it is given: it changes no state, the caller applies the decision.
 *
 * <p>A token that has an outcome gets it again; used with another input it is refused, and goes on
 * standing for the first outcome.
 */
public final class AssociationDecisions {

  private final Map<String, ClusterRules> clusters;
  private final Supplier<Grants> grants;
  private final InstantSource clock;
  private final AssociationIds ids;

  /**
   * For these clusters.
   *
   * @param clusters the registered ones, by name
   * @param grants as they are when a command is decided
   * @param random of which association ids are made
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

  /** Decides a command against everything that was decided before it. */
  public Decision decide(AssociationCommand command, LogState state) {
    Instant now = clock.instant();
    Optional<AssociationOutcome> earlier =
        state.outcome(command.cluster(), command.clientRequestToken(), now);
    return earlier.isPresent()
        ? again(command, earlier.get(), now, state)
        : anew(command, now, state);
  }

  /**
   * What a log has lost that tables still have, to be written before anything is decided; see
   * {@link LostChanges}.
   *
   * @param tables of brokers
   * @param inLog which clusters' logs it has
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

  /** What the log gets; nothing where nothing changes. */
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
      // No association has changed by it: it stands where the last change does.
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
    // Its outcome may have been forgotten: done now, it might be done twice.
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
   * Brokers bind a log once, before objects have made anything; from then on an administrator
   * alone, who may revoke everywhere.
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
      // Whose objects were that? An empty API server must not be taken for it.
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
   * The next position. A log without a head is a new one, or one that was lost and started anew:
   * the time as its epoch is beyond every epoch before.
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
