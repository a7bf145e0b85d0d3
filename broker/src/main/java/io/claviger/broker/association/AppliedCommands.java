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
 * Returns the outcome of a command once this broker's own table contains the decision. The next
 * request to this broker therefore sees it. Must be registered as a listener of that table.
 * Thread-safe.
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
   * Sends commands through another sender.
   *
   * @param table of this broker
   */
  public AppliedCommands(AssociationCommands commands, AssociationTable table) {
    this.commands = commands;
    this.table = table;
  }

  /**
   * {@inheritDoc}
   *
   * <p>The wait for the table has no timeout of its own: callers have deadlines, and the table
   * eventually applies every decision.
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
    // The table may have applied the change between the check and the registration.
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
