package io.claviger.edge.workload;

import io.claviger.config.trust.TokenHash;
import io.claviger.schemas.bus.RefusalReason;
import org.jspecify.annotations.Nullable;

/** The result of this edge's own check of a token. */
public sealed interface TokenCheck {

  /**
   * Its names are proven, and it may be used on this node.
   *
   * @param token what it proves
   */
  record Verified(VerifiedToken token) implements TokenCheck {}

  /**
   * Only a broker can verify it: this edge lacks its key, or it names no node. Nothing in it may be
   * used as a name until a broker has answered.
   *
   * @param hash the only name it has until then
   * @param keyId the {@code kid} it claims; absent if it claims none
   */
  record Unproven(TokenHash hash, @Nullable String keyId) implements TokenCheck {}

  /**
   * It is invalid and stays so.
   *
   * @param reason the class of the refusal
   * @param message for a person; nothing of the token's content
   */
  record Rejected(RefusalReason reason, String message) implements TokenCheck {}
}
