package io.claviger.schemas.bus;

/** Why credentials are refused until something changes. */
public enum RefusalReason {
  /**
   * The token cannot be read, its signature is wrong, its issuer is not registered, or its pod is
   * gone.
   */
  INVALID_TOKEN,
  /** The token has expired. */
  EXPIRED_TOKEN,
  /** The token is not valid yet. */
  PREMATURE_TOKEN,
  /** The token is for another audience. */
  WRONG_AUDIENCE,
  /** The token is bound to another node than the requesting edge's. */
  WRONG_NODE,
  /** No role is associated with the service account. */
  NO_ASSOCIATION,
  /** No grant covers the role for this namespace. */
  NOT_GRANTED,
  /** An operator has revoked the role or the service account. */
  ROLE_REVOKED,
  /** An operator has revoked the pod or the node it runs on. */
  POD_REVOKED,
  /** The role's trust policy does not admit the broker: STS answered AccessDenied. */
  ROLE_DENIED,
  /** STS will never accept the association's settings: its policy, tags, duration or Region. */
  ROLE_MISCONFIGURED;

  /**
   * The header of an HTTP answer with the reason's name. It is for tools: SDKs read the status and
   * the code only.
   */
  public static final String HEADER = "Claviger-Reason";

  /** Whether the identity itself is refused, whatever its association. */
  public boolean concernsIdentity() {
    return switch (this) {
      case INVALID_TOKEN, EXPIRED_TOKEN, PREMATURE_TOKEN, WRONG_AUDIENCE, WRONG_NODE, POD_REVOKED ->
          true;
      case NO_ASSOCIATION, NOT_GRANTED, ROLE_REVOKED, ROLE_DENIED, ROLE_MISCONFIGURED -> false;
    };
  }

  /**
   * Whether a cached session must no longer be served. A denying role does not evict: it may deny
   * only while IAM propagates a change.
   */
  public boolean evicts() {
    return concernsIdentity()
        || this == NO_ASSOCIATION
        || this == NOT_GRANTED
        || this == ROLE_REVOKED;
  }
}
