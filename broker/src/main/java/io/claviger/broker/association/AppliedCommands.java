package io.claviger.broker.association;

import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationOutcome;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Revocation;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers a command once this broker's own table says what was decided: who asks this broker next
 * sees it. Has to listen to that table. Thread-safe.
 */
public final class AppliedCommands
    implements AssociationCommands, AssociationListener, RevocationListener {

  private static final int MAX_WAITING = 10_000;

  private final AssociationCommands commands;
  private final AssociationTable table;
  private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();

  private record Waiter(AssociationOutcome outcome, CompletableFuture<AssociationOutcome> answer) {}

  /**
   * Sends by another way.
   *
   * @param table this broker's
   */
  public AppliedCommands(AssociationCommands commands, AssociationTable table) {
    this.commands = commands;
    this.table = table;
  }

  /**
   * {@inheritDoc}
   *
   * <p>The wait for the table has no end of its own: who asks has a deadline, and what was decided
   * comes into the table sooner or later.
   */
  @Override
  public CompletionStage<AssociationOutcome> send(AssociationCommand command) {
    return commands.send(command).thenCompose(this::applied);
  }

  private CompletionStage<AssociationOutcome> applied(AssociationOutcome outcome) {
    if (reached(outcome)) {
      return CompletableFuture.completedFuture(outcome);
    }
    if (waiting.incrementAndGet() > MAX_WAITING) {
      waiting.decrementAndGet();
      return CompletableFuture.failedFuture(
          new UndecidedException("too many commands wait for this broker's table"));
    }
    Waiter waiter = new Waiter(outcome, new CompletableFuture<>());
    waiters.add(waiter);
    // It may have come between the look and the waiting.
    settle();
    return waiter.answer();
  }

  @Override
  public void applied(TableChange change) {
    settle();
  }

  @Override
  public void revoked(Revocation revocation, boolean inForce, Position position) {
    settle();
  }

  private void settle() {
    for (Waiter waiter : waiters) {
      if (reached(waiter.outcome()) && waiters.remove(waiter)) {
        waiting.decrementAndGet();
        waiter.answer().complete(waiter.outcome());
      }
    }
  }

  private boolean reached(AssociationOutcome outcome) {
    return table.position(outcome.cluster()).isAtLeast(outcome.position());
  }
}
