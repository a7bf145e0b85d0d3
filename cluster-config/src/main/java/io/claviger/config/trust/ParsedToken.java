package io.claviger.config.trust;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.Base64;
import java.util.Optional;

/**
 * A token that has been taken apart, so that this is done once. Nothing in it is verified. {@link
 * #toString()} shows nothing of it.
 */
public final class ParsedToken {

  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final SignedJWT jwt;
  private final JWTClaimsSet claims;

  private ParsedToken(SignedJWT jwt, JWTClaimsSet claims) {
    this.jwt = jwt;
    this.claims = claims;
  }

  /**
   * Takes a token apart; empty where it is no signed JWT, or too long to be read, or spelled in
   * another way than issuers do (RFC 7515, section 2).
   */
  public static Optional<ParsedToken> of(String token) {
    if (token.length() > ServiceAccountTokenVerifier.MAX_TOKEN_CHARACTERS || !canonical(token)) {
      return Optional.empty();
    }
    try {
      SignedJWT jwt = SignedJWT.parse(token);
      JWTClaimsSet claims = jwt.getJWTClaimsSet();
      return claims == null ? Optional.empty() : Optional.of(new ParsedToken(jwt, claims));
    } catch (ParseException | RuntimeException e) {
      // Nimbus throws more than it declares: for a header that is the JSON text null, say.
      return Optional.empty();
    }
  }

  /**
   * Whether each part is the only spelling of its bytes: base64url without padding (RFC 7515,
   * section 7.1). Decoders pass over foreign characters and over bits that stand for nothing, so
   * that one signature could be spelled in a number of ways, and each would be remembered and asked
   * about as a token of its own.
   */
  private static boolean canonical(String token) {
    try {
      // A signed token has three parts: of more, whatever follows is one that has a dot in it.
      for (String part : token.split("\\.", 4)) {
        if (!ENCODER.encodeToString(Base64.getUrlDecoder().decode(part)).equals(part)) {
          return false;
        }
      }
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The issuer that it claims, unverified: only to choose whose verifier to ask. */
  public Optional<String> claimedIssuer() {
    return Optional.ofNullable(claims.getIssuer());
  }

  SignedJWT jwt() {
    return jwt;
  }

  JWTClaimsSet claims() {
    return claims;
  }

  @Override
  public String toString() {
    return "ParsedToken";
  }
}
