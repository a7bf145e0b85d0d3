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
 * Verifies pods' tokens: form, time, signature, issuer, audience and node, in that order. A
 * verified token is cached by its hash. Thread-safe; never blocks.
 */
public final class WorkloadTokens {

  /** The message to a pod that was deleted. */
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

  /** Returns the cached result of a token; absent if it has to be checked. */
  public TokenCheck.@Nullable Verified remembered(String token) {
    return remembered(TokenHash.of(token), clock.instant());
  }

  private TokenCheck.@Nullable Verified remembered(TokenHash hash, Instant now) {
    VerifiedToken known = memory.find(hash);
    return known != null && known.liveAt(now) ? new TokenCheck.Verified(known) : null;
  }

  /** Checks a token as received. */
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
      // Clusters before 1.30: only a broker can find out which node the pod runs on.
      return new TokenCheck.Unproven(hash, verified.keyId());
    }
    if (verified.workload().isBoundToAnother(node, nodeUid)) {
      return new TokenCheck.Rejected(
          RefusalReason.WRONG_NODE,
          "the token is bound to another node: use it in the pod that it was issued for");
    }
    VerifiedToken token =
        VerifiedToken.of(hash, verified.workload(), verified.expiresAt(), verified.keyId());
    memory.remember(token);
    if (!keys.has(verified.keyId())) {
      // The key left the set between the check of the signature and the caching of the token.
      memory.forget(hash);
    }
    if (memory.isSuspect(hash) || token.workload().isBoundToAnother(node, nodeUid)) {
      // A broker refused it meanwhile, or the node's uid has become known.
      memory.forget(hash);
      return new TokenCheck.Unproven(hash, verified.keyId());
    }
    return new TokenCheck.Verified(token);
  }

  /**
   * Caches a token that a broker, the authority, has verified.
   *
   * @param proven the result of this edge's own check
   * @param workload the workload that the broker verified
   * @param expiresAt when the token expires
   */
  public VerifiedToken confirm(
      TokenCheck.Unproven proven, WorkloadIdentity workload, Instant expiresAt) {
    VerifiedToken token = VerifiedToken.of(proven.hash(), workload, expiresAt, proven.keyId());
    memory.trust(proven.hash());
    memory.remember(token);
    if (memory.isSuspect(proven.hash()) || workload.isBoundToAnother(node, nodeUid)) {
      // Another broker refused it meanwhile.
      memory.forget(proven.hash());
    }
    return token;
  }

  /**
   * Rejects from now on the tokens of an earlier node of the same name.
   *
   * @param uid of this node, from its own token, which a broker has verified
   */
  public void servesNode(String uid) {
    nodeUid = uid;
    memory.forgetIf(token -> token.workload().isBoundToAnother(node, uid));
  }

  /** Leaves a token to the brokers, because one of them refused it although it looks right here. */
  public void suspect(TokenHash hash) {
    memory.suspect(hash);
  }

  /** Rejects from now on every token of a pod, because it was deleted. */
  public void deleted(String podUid) {
    memory.deleted(podUid);
  }

  /** Whether a pod is known to be deleted. */
  public boolean isDeleted(String podUid) {
    return memory.isDeleted(podUid);
  }

  /**
   * Accepts a key set that a broker published, and drops the tokens whose key is not in it.
   *
   * @return whether it was accepted; false if a newer one is cached
   * @throws IllegalArgumentException if it has no usable key; the cached one stays
   */
  public boolean accept(PublishedKeys published) {
    boolean taken = keys.accept(published);
    if (taken) {
      memory.forgetIf(token -> !trusts(token.keyId()));
    }
    return taken;
  }

  /** Whether a token signed with this key would be accepted now. */
  public boolean trusts(@Nullable String keyId) {
    return keys.has(keyId);
  }
}
