package io.claviger.broker.cli.doctor;

import java.io.IOException;
import java.util.Optional;

/** Looks up associations. */
@FunctionalInterface
public interface AssociationSource {

  /**
   * Returns the role of a service account, with its target role if it has one. Without an
   * association, returns empty.
   *
   * @throws IOException when the look-up fails; the message gives the reason
   */
  Optional<String> role(String namespace, String serviceAccount) throws IOException;
}
