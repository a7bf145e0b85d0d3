package io.claviger.broker.association;

import io.claviger.schemas.Check;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationOutcome.Refused;
import java.util.Optional;

/**
 * The condition {@code Ready} of an object: the result of what it declares.
 *
 * @param message for a person: what is wrong and what to do
 * @param association the object's own association as it is, also after a refused change
 */
public record ReadyCondition(Reason reason, String message, Optional<Association> association) {

  /** Why an object is ready or not. */
  public enum Reason {
    /** The association matches the object. */
    ASSOCIATED("Associated"),
    /** The service account has an association that the object did not make. */
    CONFLICT("Conflict"),
    /** No grant covers the role for objects of this namespace. */
    ROLE_NOT_PERMITTED("RoleNotPermitted"),
    /** The object's specification is invalid. */
    INVALID("Invalid"),
    /** The cluster has its maximum number of associations. */
    LIMIT_EXCEEDED("LimitExceeded"),
    /** The log could not be written; the controller retries. */
    LOG_UNAVAILABLE("LogUnavailable");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    /** Returns the reason as it is written in conditions. */
    public String text() {
      return text;
    }
  }

  public ReadyCondition {
    Check.present(reason, "reason");
    Check.text(message, "message");
    Check.present(association, "association");
  }

  static ReadyCondition associated(Association association) {
    return new ReadyCondition(
        Reason.ASSOCIATED,
        "the service account's pods get " + association.spec().roleArn(),
        Optional.of(association));
  }

  static ReadyCondition olderObject(DeclaredAssociation older) {
    return new ReadyCondition(
        Reason.CONFLICT,
        "the older object " + older.name() + " is about the same service account",
        Optional.empty());
  }

  static ReadyCondition madeByAnother(Association association) {
    return new ReadyCondition(
        Reason.CONFLICT,
        "the service account has %s, made by %s: delete one of the two"
            .formatted(association.id(), association.grantedBy()),
        Optional.empty());
  }

  static ReadyCondition notPermitted(String missing, Association own) {
    return new ReadyCondition(Reason.ROLE_NOT_PERMITTED, missing, Optional.of(own));
  }

  static ReadyCondition invalid(String problem, Optional<Association> own) {
    return new ReadyCondition(Reason.INVALID, problem, own);
  }

  static ReadyCondition logUnavailable(Optional<Association> own) {
    return new ReadyCondition(
        Reason.LOG_UNAVAILABLE, "the association log cannot be written: retrying", own);
  }

  static ReadyCondition refused(Refused refused, Optional<Association> own) {
    Reason reason =
        switch (refused.code()) {
          case "ResourceInUseException" -> Reason.CONFLICT;
          case "AccessDeniedException" -> Reason.ROLE_NOT_PERMITTED;
          case "ResourceLimitExceededException" -> Reason.LIMIT_EXCEEDED;
          default -> Reason.INVALID;
        };
    return new ReadyCondition(reason, refused.message(), own);
  }

  ReadyCondition withoutAssociation() {
    return new ReadyCondition(reason, message, Optional.empty());
  }
}
