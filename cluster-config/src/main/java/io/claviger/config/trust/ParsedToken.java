package io.claviger.config.trust;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.Base64;
import java.util.Optional;

/**
 * A token parsed once. Nothing in it is verified. {@link #toString()} shows none of its content.
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
   * Parses a token; empty if it is no signed JWT, too long, or spelled differently from how issuers
   * do (RFC 7515, section 2).
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
      // Nimbus throws undeclared exceptions, for example for a header that is the JSON text null.
      return Optional.empty();
    }
  }

  /**
   * Whether each part is the only spelling of its bytes: base64url without padding (RFC 7515,
   * section 7.1). Decoders ignore foreign characters and unused bits, so one signature has several
   * spellings. Each would be cached and sent to a broker as a separate token.
   */
  private static boolean canonical(String token) {
    try {
      // A signed token has three parts. Anything after the third stays together as one part.
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

  /** Returns the issuer that it claims, unverified: use it only to choose the verifier. */
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
