package io.claviger.broker.cli.doctor;

import java.io.IOException;
import java.util.Optional;

/** Where associations can be looked up. */
@FunctionalInterface
public interface AssociationSource {

  /**
   * The role of a service account, with its target role if it has one; absent without association.
   *
   * @throws IOException saying what is wrong when it cannot be looked up
   */
  Optional<String> role(String namespace, String serviceAccount) throws IOException;
}
