package io.claviger.stsfake;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The actions: a caller and parameters in, the answer's XML out, or a {@link StsRefusal}. */
final class StsActions {

  private final SessionMinter minter;
  private final Trust trust;
  private final StsLedger ledger;
  private final InstantSource clock;

  StsActions(SessionMinter minter, Trust trust, StsLedger ledger, InstantSource clock) {
    this.minter = minter;
    this.trust = trust;
    this.ledger = ledger;
    this.clock = clock;
  }

  String getCallerIdentity(SigningKey caller, String requestId) {
    return StsXml.callerIdentity(caller.principal(), requestId);
  }

  /**
   * Opens a session.
   *
   * @param injected the failure that was ordered for this call; absent for none
   */
  String assumeRole(
      SigningKey caller, QueryForm form, @Nullable QueryError injected, String requestId) {
    AssumeRoleRequest request = AssumeRoleRequest.read(form);
    try {
      if (injected != null) {
        throw new StsRefusal(injected);
      }
      return issue(caller, request, requestId);
    } catch (StsRefusal refusal) {
      ledger.answered(
          AssumedRole.refused(
              clock.instant(), requestId, caller.principal(), request, refusal.error().code()));
      throw refusal;
    }
  }

  private String issue(SigningKey caller, AssumeRoleRequest request, String requestId) {
    trust.check(caller.principal(), request);
    request.tags().checkAgainst(caller.transitiveTags());
    Optional<Integer> packedSize = PackedSize.of(request);
    SigningKey session = minter.issue(request, request.tags().transitive(caller.transitiveTags()));
    Instant end = session.expiration();
    if (end == null) {
      throw new IllegalStateException("a session without end");
    }
    ledger.answered(
        AssumedRole.issued(clock.instant(), requestId, caller.principal(), request, session));
    return StsXml.assumedRole(session, end, packedSize, requestId);
  }
}
