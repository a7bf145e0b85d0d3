package io.claviger.stsfake;

import io.claviger.config.trust.AmzDate;
import io.claviger.config.trust.CanonicalRequest;
import io.claviger.config.trust.CredentialScope;
import io.claviger.config.trust.SignatureClaim;
import io.claviger.config.trust.SignatureV4;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Who has signed a request: AWS Signature Version 4 in headers, for the service {@code sts} in any
 * Region, dated within five minutes of now. What is wrong is a {@link StsRefusal}.
 */
final class Authentication {

  private final KeyRing keys;
  private final InstantSource clock;

  Authentication(KeyRing keys, InstantSource clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /** The key that has signed the request. */
  SigningKey authenticate(ReceivedRequest request) {
    SignatureClaim claim = claim(request);
    AmzDate date = checkDate(request, claim.credential());
    checkScope(claim);
    SigningKey key =
        keys.find(claim.credential().accessKeyId())
            .orElseThrow(() -> new StsRefusal(QueryError.invalidClientTokenId()));
    checkSessionToken(request, key);
    String bodyHash = checkBodyHash(request);
    String expected =
        SignatureV4.of(
            canonical(request, claim.signedHeaders(), bodyHash),
            claim.credential(),
            date,
            key.secretAccessKey());
    if (!SignatureV4.equal(expected, claim.signature())) {
      throw mismatch(
          "The request signature we calculated does not match the signature you provided. Check your"
              + " AWS Secret Access Key and signing method. Consult the service documentation for"
              + " details.");
    }
    return checkNotExpired(key);
  }

  private static SignatureClaim claim(ReceivedRequest request) {
    String header = request.header("Authorization");
    if (header == null || header.isBlank()) {
      throw new StsRefusal(QueryError.missingAuthenticationToken());
    }
    return understood(header, SignatureClaim::parse);
  }

  private AmzDate checkDate(ReceivedRequest request, CredentialScope credential) {
    String header = request.header("X-Amz-Date");
    if (header == null) {
      throw new StsRefusal(
          QueryError.incompleteSignature(
              "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date'"
                  + " header."));
    }
    AmzDate date = understood(header, AmzDate::parse);
    date.notInForce(clock.instant(), AmzDate.CLOCK_SKEW)
        .ifPresent(
            why -> {
              throw mismatch(why);
            });
    if (!date.isOn(credential.date())) {
      throw mismatch(
          "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP");
    }
    return date;
  }

  private static <T> T understood(String text, Function<String, T> reading) {
    try {
      return reading.apply(text);
    } catch (IllegalArgumentException e) {
      throw new StsRefusal(QueryError.incompleteSignature(String.valueOf(e.getMessage())));
    }
  }

  private static CanonicalRequest canonical(
      ReceivedRequest request, List<String> signedHeaders, String bodyHash) {
    SortedMap<String, List<String>> headers = new TreeMap<>();
    signedHeaders.forEach(name -> headers.put(name, request.headers().getAll(name)));
    return new CanonicalRequest(
        request.method(), request.path(), request.query(), headers, bodyHash);
  }

  private static void checkScope(SignatureClaim claim) {
    if (!"sts".equals(claim.credential().service())) {
      throw mismatch("Credential should be scoped to correct service: 'sts'. ");
    }
    if (claim.credential().region().isEmpty()) {
      throw mismatch("Credential should be scoped to a valid region. ");
    }
    List<String> signed = claim.signedHeaders();
    if (!signed.contains("host")) {
      throw mismatch("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
    }
    if (!signed.contains("x-amz-date")) {
      throw mismatch("'X-Amz-Date' must be a 'SignedHeader' in the AWS Authorization.");
    }
  }

  private static void checkSessionToken(ReceivedRequest request, SigningKey key) {
    String presented = request.header("X-Amz-Security-Token");
    String issued = key.sessionToken();
    boolean right =
        issued == null
            ? presented == null
            : presented != null && SignatureV4.equal(issued, presented);
    if (!right) {
      throw new StsRefusal(QueryError.invalidClientTokenId());
    }
  }

  private static String checkBodyHash(ReceivedRequest request) {
    String claimed = request.header("X-Amz-Content-Sha256");
    String hash = SignatureV4.sha256(request.body().getBytes());
    if (claimed != null && !SignatureV4.equal(claimed, hash)) {
      throw mismatch(
          "The provided 'x-amz-content-sha256' header does not match what was computed.");
    }
    return hash;
  }

  private SigningKey checkNotExpired(SigningKey key) {
    Instant end = key.expiration();
    if (end != null && !clock.instant().isBefore(end)) {
      throw new StsRefusal(QueryError.expiredToken());
    }
    return key;
  }

  private static StsRefusal mismatch(String message) {
    return new StsRefusal(QueryError.signatureDoesNotMatch(message));
  }
}
