package io.claviger.broker.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.config.trust.AmzDate;
import io.claviger.config.trust.SignatureClaim;
import io.claviger.config.trust.SignatureV4;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * A request's signature as presented: in the {@code Authorization} header or, if pre-signed, in the
 * query. Nothing in it is verified yet.
 *
 * @param claim key, scope, signed headers, signature
 * @param date the claimed time of signing
 * @param life how long after that it expires
 * @param query the query that was signed: all but the signature
 * @param preSigned whether all of this is in the query
 * @param sessionToken whether there is a session token
 */
record PresentedSignature(
    SignatureClaim claim,
    AmzDate date,
    Duration life,
    String query,
    boolean preSigned,
    boolean sessionToken) {

  static final String DATE_HEADER = "x-amz-date";

  /** The maximum lifetime of a pre-signed request. */
  static final Duration MAX_EXPIRES = Duration.ofMinutes(15);

  private static final String TOKEN = "x-amz-security-token";
  private static final int MAX_EXPIRES_DIGITS = 6;

  /**
   * Reads the presented signature; empty if there is none.
   *
   * @throws IllegalArgumentException if it is incomplete, ambiguous or malformed
   */
  static Optional<PresentedSignature> read(ReceivedHeaders headers, String queryText) {
    List<String> authorization = headers.values("authorization");
    RawQuery query = RawQuery.of(queryText);
    List<String> parameters = query.signatureNames();
    if (parameters.isEmpty()) {
      return authorization.isEmpty()
          ? Optional.empty()
          : Optional.of(inHeaders(authorization, headers, queryText));
    }
    if (!authorization.isEmpty()) {
      throw new IllegalArgumentException(
          "A request is signed in an Authorization header or in X-Amz- parameters of its query; this"
              + " one has both.");
    }
    return Optional.of(inQuery(headers, query, parameters));
  }

  private static PresentedSignature inHeaders(
      List<String> authorization, ReceivedHeaders headers, String query) {
    return new PresentedSignature(
        SignatureClaim.parse(only("Authorization", authorization)),
        AmzDate.parse(only("X-Amz-Date", headers.values(DATE_HEADER))),
        AmzDate.CLOCK_SKEW,
        query,
        false,
        headers.names().contains(TOKEN));
  }

  private static PresentedSignature inQuery(
      ReceivedHeaders headers, RawQuery query, List<String> parameters) {
    if (new HashSet<>(parameters).size() < parameters.size()) {
      throw new IllegalArgumentException("An X-Amz- parameter is in the query twice.");
    }
    if (headers.names().contains(DATE_HEADER)) {
      throw new IllegalArgumentException("X-Amz-Date is in the query and in a header.");
    }
    if (!SignatureV4.ALGORITHM.equals(parameter(query, "X-Amz-Algorithm"))) {
      throw new IllegalArgumentException("X-Amz-Algorithm has to be " + SignatureV4.ALGORITHM);
    }
    return new PresentedSignature(
        SignatureClaim.of(
            parameter(query, "X-Amz-Credential"),
            parameter(query, "X-Amz-SignedHeaders"),
            parameter(query, "X-Amz-Signature")),
        AmzDate.parse(parameter(query, "X-Amz-Date")),
        expires(parameter(query, "X-Amz-Expires")),
        query.without("X-Amz-Signature"),
        true,
        headers.names().contains(TOKEN) || parameters.contains(TOKEN));
  }

  private static Duration expires(String text) {
    boolean number =
        text.length() <= MAX_EXPIRES_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
    Duration expires = number ? Duration.ofSeconds(Integer.parseInt(text)) : Duration.ZERO;
    if (expires.isZero() || expires.compareTo(MAX_EXPIRES) > 0) {
      throw new IllegalArgumentException(
          "X-Amz-Expires has to be a number of seconds, 1 to " + MAX_EXPIRES.toSeconds());
    }
    return expires;
  }

  private static String parameter(RawQuery query, String name) {
    String value = only(name, query.values(name));
    try {
      return URLDecoder.decode(value, UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + " is not percent-encoded as it should be", e);
    }
  }

  private static String only(String name, List<String> values) {
    if (values.size() != 1 || values.get(0).isBlank()) {
      throw new IllegalArgumentException(
          name + (values.size() > 1 ? " is there twice." : " is missing."));
    }
    return values.get(0);
  }
}
