package io.claviger.broker.association;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationOutcome.Refused;
import io.claviger.schemas.association.AssociationOutcome.Result;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.association.RevokedSubject;
import java.util.Optional;
import java.util.function.Supplier;

/** Every refusal of a command: the EKS API's error name and the message for a person. */
final class Refusals {

  private Refusals() {}

  /** Returns the refusal, or else the next result. */
  static Result or(Optional<Refused> refused, Supplier<? extends Result> then) {
    return refused.isPresent() ? refused.get() : then.get();
  }

  static Refused unknownCluster(String cluster) {
    return new Refused("ResourceNotFoundException", "No cluster found for name: " + cluster);
  }

  static Refused unknownAssociation(String id) {
    return new Refused("ResourceNotFoundException", "No association found for id: " + id);
  }

  /** Tools parse the id from this message. */
  static Refused exists(Association association) {
    return new Refused("ResourceInUseException", "Association already exists: " + association.id());
  }

  /** The controller of objects would undo the change. */
  static Refused ownedByObjects(Association association) {
    return new Refused(
        "InvalidRequestException",
        association.id()
            + " is declared by a PodIdentityAssociation of namespace "
            + association.spec().namespace()
            + ": change that object");
  }

  static Refused notOfObjects(Association association, String actor) {
    return new Refused("InvalidRequestException", association.id() + " was not made by " + actor);
  }

  static Refused limit(String cluster, int maximum) {
    return new Refused(
        "ResourceLimitExceededException",
        "cluster " + cluster + " has its " + maximum + " associations");
  }

  static Refused share(ClusterRules rules, String principal, int share) {
    return new Refused(
        "ResourceLimitExceededException",
        principal
            + " has its "
            + share
            + " associations in cluster "
            + rules.cluster()
            + ": a grant for all namespaces has no such limit");
  }

  static Refused invalid(String field, String problem) {
    return new Refused("InvalidParameterException", field + ": " + problem);
  }

  static Refused notGranted(String missing) {
    return new Refused("AccessDeniedException", missing);
  }

  static Refused notRevoked(RevokedSubject subject) {
    return new Refused("ResourceNotFoundException", "Nothing is revoked for " + subject.text());
  }

  static Refused revocationLimit(String whose, int maximum, String what) {
    return new Refused(
        "ResourceLimitExceededException",
        whose + " has its " + maximum + " " + what + ": lift some first");
  }

  static Refused revokedByOthers(Revocation revocation) {
    return new Refused(
        "AccessDeniedException",
        revocation.subject().text()
            + " was revoked by "
            + revocation.actor()
            + ": to lift this, use a principal that may revoke as widely, by a grant with"
            + " revoke: true for all namespaces");
  }

  static Refused ofAnotherCluster(String cluster, String bound, String uid) {
    return new Refused(
        "InvalidRequestException",
        "the associations of "
            + cluster
            + " are bound to the Kubernetes cluster whose namespace kube-system has the uid "
            + bound
            + ", but the API server at kubernetes.url has "
            + uid
            + ": correct kubernetes.url, or if the cluster was created again, run"
            + " claviger bind --cluster "
            + cluster
            + " "
            + uid);
  }

  static Refused unbound(String cluster, String uid) {
    return new Refused(
        "InvalidRequestException",
        "objects have made associations of "
            + cluster
            + ", but they are bound to no Kubernetes cluster: if kubernetes.url names the right"
            + " one, run claviger bind --cluster "
            + cluster
            + " "
            + uid);
  }

  static Refused nothingToChange() {
    return new Refused(
        "InvalidParameterException",
        "nothing changes: set another roleArn, targetRoleArn, disableSessionTags or policy");
  }

  static Refused otherRevision(Association association, long wanted) {
    return new Refused(
        "PreconditionFailedException",
        association.id() + " is at revision " + association.revision() + ", not " + wanted);
  }

  static Refused otherInput(String token) {
    return new Refused(
        "InvalidRequestException",
        "clientRequestToken " + token + " has been used with another input");
  }

  static Refused tooOld() {
    return new Refused(
        "InvalidRequestException", "the request is older than 24 hours: send a new one");
  }
}
