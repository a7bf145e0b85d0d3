package io.claviger.broker.association;

import io.claviger.config.trust.Sha256;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.association.AssociationCommand;
import java.nio.charset.StandardCharsets;

/**
 * What makes two requests with one token the same request: who asks, and what. A token is its
 * actor's alone: somebody else who uses it is not told what it stands for.
 */
public final class InputHash {

  private InputHash() {}

  /** SHA-256 of the actor and of the operation as JSON, hexadecimal. */
  public static String of(AssociationCommand command) {
    String input = command.actor() + "\n" + SchemaJson.write(command.operation());
    return Sha256.hex(input.getBytes(StandardCharsets.UTF_8));
  }
}
