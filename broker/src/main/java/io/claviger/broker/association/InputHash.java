package io.claviger.broker.association;

import io.claviger.config.trust.Sha256;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.association.AssociationCommand;
import java.nio.charset.StandardCharsets;

/**
 * Identifies a request under its token by actor and input. A token belongs to its actor: another
 * actor that uses it does not receive its outcome.
 */
public final class InputHash {

  private InputHash() {}

  /** Returns the hexadecimal SHA-256 of the actor and of the operation as JSON. */
  public static String of(AssociationCommand command) {
    String input = command.actor() + "\n" + SchemaJson.write(command.operation());
    return Sha256.hex(input.getBytes(StandardCharsets.UTF_8));
  }
}
