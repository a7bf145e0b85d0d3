package io.claviger.broker.association;

import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.association.AssociationCommand;

/** What makes two requests with one token the same request: the hash in an outcome. */
public final class InputHash {

  private InputHash() {}

  /** SHA-256 of the operation as JSON, hexadecimal. */
  public static String of(AssociationCommand.Operation operation) {
    return Sha256.hex(SchemaJson.write(operation));
  }
}
