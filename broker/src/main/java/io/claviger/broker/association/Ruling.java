package io.claviger.broker.association;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationOutcome;
import io.claviger.schemas.association.Revocation;

/** What the rules say of an operation, before it gets its place in the log. */
sealed interface Ruling {

  /** It is not done. */
  record Refuse(AssociationOutcome.Refused refused) implements Ruling {}

  /** It is so already. */
  record Keep(Association association) implements Ruling {}

  /** The association is new, or another one than before. */
  record Write(AssociationOutcome.Effect effect, Association association) implements Ruling {}

  /** A revocation is made or lifted, or was made already. */
  record Settled(AssociationOutcome.Effect effect, Revocation revocation) implements Ruling {}

  /** The log is of that Kubernetes cluster from here on, or was already. */
  record Bind(AssociationOutcome.Effect effect, String clusterUid) implements Ruling {}

  /** The association goes. */
  record Remove(Association association) implements Ruling {}
}
