package io.claviger.broker.app;

import io.claviger.broker.association.AssociationCommands;
import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationOutcome;
import io.claviger.schemas.association.AssociationOutcome.Accepted;
import io.claviger.schemas.association.AssociationOutcome.Refused;
import io.claviger.schemas.association.AssociationOutcome.Settled;
import io.claviger.schemas.association.AssociationSpec;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes associations as they are declared, and says of each what came of it. */
public final class ApplyAssociations {

  private static final int AT_ONCE = 100;

  private final AssociationCommands commands;
  private final InstantSource clock;
  private final Supplier<String> tokens;

  /** Is told a line for a person for each association, in the order of the declaration. */
  @FunctionalInterface
  public interface Report {
    /**
     * One association is done with.
     *
     * @param good false when it was refused or not decided
     */
    void line(String text, boolean good);
  }

  /**
   * Through this way to the log's writer.
   *
   * @param tokens makes client request tokens
   */
  public ApplyAssociations(
      AssociationCommands commands, InstantSource clock, Supplier<String> tokens) {
    this.commands = commands;
    this.clock = clock;
    this.tokens = tokens;
  }

  /**
   * Applies all, some at once.
   *
   * @param cluster the registered name of the Kubernetes cluster
   * @param actor who declares them
   * @return whether all are as declared; never fails
   */
  public CompletionStage<Boolean> apply(
      String cluster, String actor, List<AssociationSpec> specs, Report report) {
    if (specs.isEmpty()) {
      return CompletableFuture.completedFuture(true);
    }
    List<AssociationSpec> now = specs.subList(0, Math.min(AT_ONCE, specs.size()));
    List<AssociationSpec> later = specs.subList(now.size(), specs.size());
    CompletionStage<Boolean> good = CompletableFuture.completedFuture(true);
    for (CompletionStage<Line> line : now.stream().map(s -> one(cluster, actor, s)).toList()) {
      good = good.thenCombine(line, (before, next) -> next.tell(report) && before);
    }
    return good.thenCompose(
        first ->
            apply(cluster, actor, new ArrayList<>(later), report).thenApply(rest -> first && rest));
  }

  private record Line(String text, boolean good) {
    boolean tell(Report report) {
      report.line(text, good);
      return good;
    }
  }

  private CompletionStage<Line> one(String cluster, String actor, AssociationSpec spec) {
    String name = "podidentityassociation/" + spec.namespace() + "/" + spec.serviceAccount();
    return commands
        .send(
            AssociationCommand.of(
                cluster, tokens.get(), actor, clock.instant(), new AssociationCommand.Put(spec)))
        .handle((outcome, failure) -> line(name, outcome, failure));
  }

  private static Line line(
      String name, @Nullable AssociationOutcome outcome, @Nullable Throwable failure) {
    if (outcome == null) {
      Throwable cause =
          failure instanceof CompletionException && failure.getCause() != null
              ? failure.getCause()
              : failure;
      return new Line(name + " not decided: " + (cause == null ? "" : cause.getMessage()), false);
    }
    return switch (outcome.verdict()) {
      case Refused refused ->
          new Line(name + " refused: " + refused.code() + ": " + refused.message(), false);
      case Settled settled -> new Line(name + " is not what was asked about", false);
      case Accepted accepted ->
          new Line(name + " " + verb(accepted) + " (" + accepted.association().id() + ")", true);
    };
  }

  private static String verb(Accepted accepted) {
    return switch (accepted.effect()) {
      case CREATED -> "created";
      case CHANGED -> "configured";
      case UNCHANGED -> "unchanged";
      case REMOVED -> "removed";
    };
  }
}
