package io.claviger.broker.association;

import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationOutcome;
import java.util.concurrent.CompletionStage;

/** The way to the log's writer. */
@FunctionalInterface
public interface AssociationCommands {

  /**
   * Asks for something and waits for its decision.
   *
   * @return the outcome, refusals too; fails with {@link UndecidedException} when none came in time
   */
  CompletionStage<AssociationOutcome> send(AssociationCommand command);

  /**
   * No outcome came in time. The command may still be decided: sent again with the same token it is
   * done once.
   */
  final class UndecidedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UndecidedException(String message) {
      super(message);
    }
  }
}
