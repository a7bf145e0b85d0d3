package io.claviger.broker.association;

import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationOutcome;
import java.util.concurrent.CompletionStage;

/** Sends commands to the log's writer. */
@FunctionalInterface
public interface AssociationCommands {

  /**
   * Sends a command and waits for its decision.
   *
   * @return the outcome, which may be a refusal; fails with {@link UndecidedException} if none
   *     arrives in time
   */
  CompletionStage<AssociationOutcome> send(AssociationCommand command);

  /**
   * No outcome arrived in time. The command may still be decided. If it is sent again with the same
   * token, it takes effect once.
   */
  final class UndecidedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UndecidedException(String message) {
      super(message);
    }
  }
}
