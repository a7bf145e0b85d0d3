package io.claviger.edge.workload;

import io.claviger.config.trust.TokenHash;
import io.claviger.config.trust.TokenVerification;
import io.claviger.schemas.bus.PublishedKeys;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Says who asks. Form, time, signature, issuer, audience and node are checked, in that order; what
 * was verified once is remembered by its hash. Thread-safe; never blocks.
 */
public final class WorkloadTokens {

  /** What a deleted pod's token is answered. */
  public static final String DELETED = "the pod is deleted";

  private final String node;
  private volatile @Nullable String nodeUid;
  private final ClusterKeys keys;
  private final TokenMemory memory;
  private final InstantSource clock;

  /**
   * Checks tokens for one node.
   *
   * @param node tokens bound to another node are rejected
   * @param keys of the node's cluster
   * @param memory of verified tokens
   * @param clock of this node
   */
  public WorkloadTokens(String node, ClusterKeys keys, TokenMemory memory, InstantSource clock) {
    this.node = node;
    this.keys = keys;
    this.memory = memory;
    this.clock = clock;
  }

  /** What was found out about a token before; absent when it has to be checked. */
  public TokenCheck.@Nullable Verified remembered(String token) {
    return remembered(TokenHash.of(token), clock.instant());
  }

  private TokenCheck.@Nullable Verified remembered(TokenHash hash, Instant now) {
    VerifiedToken known = memory.find(hash);
    return known != null && known.liveAt(now) ? new TokenCheck.Verified(known) : null;
  }

  /** Checks a token as it came. */
  public TokenCheck check(String token) {
    Instant now = clock.instant();
    TokenHash hash = TokenHash.of(token);
    TokenCheck.Verified known = remembered(hash, now);
    if (known != null) {
      return known;
    }
    return switch (keys.verify(token, now)) {
      case TokenVerification.Rejected(var reason, var message) ->
          new TokenCheck.Rejected(reason, message);
      case TokenVerification.UnknownKey(var keyId) -> new TokenCheck.Unproven(hash, keyId);
      case TokenVerification.Unconfirmed unconfirmed -> new TokenCheck.Unproven(hash, null);
      case TokenVerification.Verified verified -> bind(hash, verified);
    };
  }

  private TokenCheck bind(TokenHash hash, TokenVerification.Verified verified) {
    if (isDeleted(verified.workload().podUid())) {
      return new TokenCheck.Rejected(RefusalReason.INVALID_TOKEN, DELETED);
    }
    String bound = verified.workload().node();
    if (bound == null || memory.isSuspect(hash)) {
      // Clusters before 1.30: which node the pod is on only a broker can find out.
      return new TokenCheck.Unproven(hash, verified.keyId());
    }
    if (verified.workload().isBoundToAnother(node, nodeUid)) {
      return new TokenCheck.Rejected(
          RefusalReason.WRONG_NODE,
          "the token is bound to another node: use it in the pod it was made for");
    }
    VerifiedToken token =
        VerifiedToken.of(hash, verified.workload(), verified.expiresAt(), verified.keyId());
    memory.remember(token);
    if (!keys.has(verified.keyId())) {
      // The key left the set after the signature was checked and before the token was remembered.
      memory.forget(hash);
    }
    if (memory.isSuspect(hash) || token.workload().isBoundToAnother(node, nodeUid)) {
      // Refused by a broker meanwhile, or the node's uid has become known.
      memory.forget(hash);
      return new TokenCheck.Unproven(hash, verified.keyId());
    }
    return new TokenCheck.Verified(token);
  }

  /**
   * Remembers a token that a broker, the authority, has verified.
   *
   * @param proven what could be said of it here
   * @param workload whom the broker says it names
   * @param expiresAt its end
   */
  public VerifiedToken confirm(
      TokenCheck.Unproven proven, WorkloadIdentity workload, Instant expiresAt) {
    VerifiedToken token = VerifiedToken.of(proven.hash(), workload, expiresAt, proven.keyId());
    memory.trust(proven.hash());
    memory.remember(token);
    if (memory.isSuspect(proven.hash()) || workload.isBoundToAnother(node, nodeUid)) {
      // Refused by another broker meanwhile.
      memory.forget(proven.hash());
    }
    return token;
  }

  /**
   * Believes no token any more of a node that had this one's name before it.
   *
   * @param uid of this node, as its own token says and a broker has verified
   */
  public void servesNode(String uid) {
    nodeUid = uid;
    memory.forgetIf(token -> token.workload().isBoundToAnother(node, uid));
  }

  /** Leaves a token to the brokers, of which one refuses it although it looks right here. */
  public void suspect(TokenHash hash) {
    memory.suspect(hash);
  }

  /** Believes no token of a pod any more: it is deleted. */
  public void deleted(String podUid) {
    memory.deleted(podUid);
  }

  /** Whether a pod is known to be deleted. */
  public boolean isDeleted(String podUid) {
    return memory.isDeleted(podUid);
  }

  /**
   * Takes a key set that a broker published and forgets the tokens whose key is not in it.
   *
   * @return whether it was taken; not when a newer one is cached
   * @throws IllegalArgumentException when it holds no usable key; what was cached is kept
   */
  public boolean accept(PublishedKeys published) {
    boolean taken = keys.accept(published);
    if (taken) {
      memory.forgetIf(token -> !trusts(token.keyId()));
    }
    return taken;
  }

  /** Whether a token signed with this key would be believed now. */
  public boolean trusts(@Nullable String keyId) {
    return keys.has(keyId);
  }
}
