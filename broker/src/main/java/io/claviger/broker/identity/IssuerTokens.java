package io.claviger.broker.identity;

import io.claviger.config.trust.ParsedToken;
import io.claviger.config.trust.ServiceAccountTokenVerifier;
import io.claviger.config.trust.TokenVerification;
import io.claviger.schemas.bus.RefusalReason;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Verifies the tokens of one issuer for one audience, and searches for unknown keys. */
final class IssuerTokens {

  private static final int MAX_KEY_ID_CHARACTERS = 256;

  private final ServiceAccountTokenVerifier verifier;
  private final IssuerKeys keys;
  private final InstantSource clock;

  IssuerTokens(IssuerKeys keys, String audience, InstantSource clock) {
    this.keys = keys;
    this.clock = clock;
    this.verifier =
        new ServiceAccountTokenVerifier(
            keys.cluster().name(), keys.cluster().issuer(), audience, keys::keys);
  }

  /**
   * Verifies a token; never fails. Returns {@link TokenVerification.UnknownKey} only if the keys
   * cannot be fetched at the moment.
   */
  CompletionStage<TokenVerification> verify(ParsedToken token) {
    TokenVerification verification = verifier.verify(token, clock.instant());
    return verification instanceof TokenVerification.UnknownKey unknown
        ? search(token, unknown.keyId())
        : CompletableFuture.completedStage(verification);
  }

  private CompletionStage<TokenVerification> search(ParsedToken token, @Nullable String keyId) {
    if (keyId == null || keyId.length() > MAX_KEY_ID_CHARACTERS) {
      return CompletableFuture.completedStage(noSuchKey());
    }
    return keys.search(keyId)
        .thenApply(
            search ->
                switch (search) {
                  case KNOWN -> verifier.verify(token, clock.instant());
                  case ABSENT -> noSuchKey();
                  case UNCERTAIN -> new TokenVerification.UnknownKey(keyId);
                });
  }

  private static TokenVerification noSuchKey() {
    return new TokenVerification.Rejected(
        RefusalReason.INVALID_TOKEN,
        "the token is signed with a key that its issuer does not publish");
  }
}
