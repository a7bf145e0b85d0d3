package io.claviger.broker.association;

import io.claviger.broker.association.DeclaredAssociation.Declaration;
import io.claviger.broker.association.Reconciled.Effort;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationCommand.Bind;
import io.claviger.schemas.association.AssociationCommand.Delete;
import io.claviger.schemas.association.AssociationCommand.Put;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.AssociationOutcome.Accepted;
import io.claviger.schemas.association.AssociationOutcome.Bound;
import io.claviger.schemas.association.AssociationOutcome.Effect;
import io.claviger.schemas.association.AssociationOutcome.Refused;
import io.claviger.schemas.association.AssociationOutcome.Result;
import io.claviger.schemas.association.AssociationOutcome.Settled;
import io.claviger.schemas.association.AssociationSpec;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Makes one service account's association match what its Kubernetes objects declare, by commands to
 * the log. The writer decides the commands and checks the grants. A namespace's objects own what
 * they made. An association that no object declares any more is deleted, even if no broker saw the
 * object's deletion.
 */
public final class ObjectReconciliation {

  private final ObjectCommands commands;
  private final AssociationTable table;
  private final Supplier<Grants> grants;

  /**
   * Reconciles through the log.
   *
   * @param commands complete once the table contains their changes
   * @param tokens generates request tokens, a new one each time
   */
  public ObjectReconciliation(
      AssociationCommands commands,
      AssociationTable table,
      Supplier<Grants> grants,
      InstantSource clock,
      Supplier<String> tokens) {
    this.commands = new ObjectCommands(commands, clock, tokens);
    this.table = table;
    this.grants = grants;
  }

  /** Returns whether Kubernetes objects have made an association. */
  public static boolean isMadeByObjects(Association association) {
    return Grant.isOfObjects(association.grantedBy());
  }

  /** Returns the conditions for objects while the log is unavailable. No association is deleted. */
  public Reconciled unavailable(AssociationKey key, List<DeclaredAssociation> objects) {
    ReadyCondition unavailable = ReadyCondition.logUnavailable(own(key));
    Optional<DeclaredAssociation> speaker = DeclaredAssociation.speaker(objects);
    if (speaker.isEmpty()) {
      return Reconciled.ofNobody(Effort.UNAVAILABLE, unavailable, objects);
    }
    ReadyCondition condition =
        switch (speaker.get().declaration()) {
          case Declaration.Unusable unusable ->
              ReadyCondition.invalid(unusable.problem(), own(key));
          case Declaration.Usable usable ->
              known(key, usable.spec()).map(Answer::condition).orElse(unavailable);
        };
    return Reconciled.of(Effort.UNAVAILABLE, speaker.get(), condition, objects, false);
  }

  /**
   * Requires that the log belongs to a Kubernetes cluster; binds a log that is not bound yet.
   *
   * @param actor who sends the command
   * @return {@link Bound}, the refusal, or empty if the log does not answer in time. Never fails
   */
  public CompletionStage<Optional<Result>> bind(String cluster, String actor, String clusterUid) {
    return commands.send(cluster, actor, new Bind(clusterUid, false));
  }

  /** The result for the object that counts. */
  private record Answer(Effort effort, ReadyCondition condition) {}

  /**
   * Makes the association match, as far as it is permitted. Never fails.
   *
   * @param objects all objects about the service account
   */
  public CompletionStage<Reconciled> reconcile(
      AssociationKey key, List<DeclaredAssociation> objects) {
    Optional<DeclaredAssociation> speaker = DeclaredAssociation.speaker(objects);
    if (speaker.isEmpty()) {
      return retract(key)
          .thenApply(
              effort ->
                  Reconciled.ofNobody(effort, ReadyCondition.logUnavailable(own(key)), objects));
    }
    return declare(key, speaker.get())
        .thenCompose(answer -> judged(key, speaker.get(), answer, objects));
  }

  /** If the object is refused, an association that a deleted object made must still be deleted. */
  private CompletionStage<Reconciled> judged(
      AssociationKey key,
      DeclaredAssociation speaker,
      Answer answer,
      List<DeclaredAssociation> objects) {
    Effort effort = answer.effort();
    if (effort != Effort.REFUSED || own(key).isEmpty() || hasMadeIt(key, speaker)) {
      boolean retracted = effort != Effort.UNAVAILABLE;
      return now(Reconciled.of(effort, speaker, answer.condition(), objects, retracted));
    }
    ReadyCondition condition = answer.condition().withoutAssociation();
    return retract(key)
        .thenApply(
            left ->
                Reconciled.of(
                    left == Effort.UNAVAILABLE ? left : effort,
                    speaker,
                    condition,
                    objects,
                    left.isDone()));
  }

  private boolean hasMadeIt(AssociationKey key, DeclaredAssociation speaker) {
    return own(key)
        .filter(association -> association.id().equals(speaker.reportedId()))
        .isPresent();
  }

  private CompletionStage<Answer> declare(AssociationKey key, DeclaredAssociation speaker) {
    return switch (speaker.declaration()) {
      case Declaration.Unusable unusable ->
          now(new Answer(Effort.REFUSED, ReadyCondition.invalid(unusable.problem(), own(key))));
      case Declaration.Usable usable ->
          known(key, usable.spec())
              .map(ObjectReconciliation::now)
              .orElseGet(() -> put(key, usable.spec()));
    };
  }

  /** Returns the answer if the table alone decides it, without a command to the log. */
  private Optional<Answer> known(AssociationKey key, AssociationSpec spec) {
    Optional<Association> current = table.current(key);
    if (current.isPresent() && own(key).isEmpty()) {
      return Optional.of(new Answer(Effort.REFUSED, ReadyCondition.madeByAnother(current.get())));
    }
    return current.filter(association -> association.spec().equals(spec)).map(this::standing);
  }

  private Answer standing(Association association) {
    return grants
        .get()
        .missing(association)
        .map(missing -> ReadyCondition.notPermitted(missing, association))
        .map(condition -> new Answer(Effort.REFUSED, condition))
        .orElseGet(() -> new Answer(Effort.UNCHANGED, ReadyCondition.associated(association)));
  }

  private CompletionStage<Answer> put(AssociationKey key, AssociationSpec spec) {
    return commands
        .send(key, new Put(spec))
        .thenApply(
            result ->
                result
                    .map(decided -> answer(key, decided))
                    .orElseGet(
                        () ->
                            new Answer(
                                Effort.UNAVAILABLE, ReadyCondition.logUnavailable(own(key)))));
  }

  private Answer answer(AssociationKey key, Result decided) {
    return switch (decided) {
      case Accepted accepted ->
          new Answer(
              accepted.effect() == Effect.UNCHANGED ? Effort.UNCHANGED : Effort.WRITTEN,
              ReadyCondition.associated(accepted.association()));
      case Refused refused -> new Answer(Effort.REFUSED, ReadyCondition.refused(refused, own(key)));
      case Settled settled -> throw new IllegalStateException("a revocation for a declaration");
      case Bound bound -> throw new IllegalStateException("a cluster for a declaration");
    };
  }

  /** Deletes what the namespace's objects made. */
  private CompletionStage<Effort> retract(AssociationKey key) {
    Optional<Association> left = own(key);
    return left.isEmpty()
        ? now(Effort.UNCHANGED)
        : commands
            .send(key, new Delete(left.get().id(), null))
            .thenApply(
                result -> result.map(decided -> effort(key, decided)).orElse(Effort.UNAVAILABLE));
  }

  private Effort effort(AssociationKey key, Result decided) {
    if (decided instanceof Accepted) {
      return Effort.WRITTEN;
    }
    // If another actor has already removed the association, this is not a refusal.
    return own(key).isEmpty() ? Effort.UNCHANGED : Effort.REFUSED;
  }

  /** Returns the association that the namespace's objects made. */
  private Optional<Association> own(AssociationKey key) {
    String objects = DeclaredAssociation.principal(key.namespace());
    return table.current(key).filter(current -> current.grantedBy().equals(objects));
  }

  private static <T> CompletionStage<T> now(T value) {
    return CompletableFuture.completedFuture(value);
  }
}
