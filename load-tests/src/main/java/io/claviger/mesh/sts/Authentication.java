package io.claviger.mesh.sts;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;

/**
 * Who has signed a request: AWS Signature Version 4 in headers, for the service {@code sts} in any
 * Region, dated within five minutes of now. What is wrong is a {@link StsRefusal}.
 */
final class Authentication {

  private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);
  private static final DateTimeFormatter AMZ_DATE =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final KeyRing keys;
  private final InstantSource clock;

  Authentication(KeyRing keys, InstantSource clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /** The key that has signed the request. */
  AccessKey authenticate(ReceivedRequest request) {
    Authorization authorization = Authorization.parse(request.header("Authorization"));
    String amzDate = checkDate(request, authorization);
    checkScope(authorization);
    AccessKey key =
        keys.find(authorization.accessKeyId())
            .orElseThrow(() -> new StsRefusal(StsError.invalidClientTokenId()));
    checkSessionToken(request, key);
    checkBodyHash(request);
    String expected = SignatureV4.of(request, authorization, amzDate, key.secretAccessKey());
    if (!equal(expected, authorization.signature())) {
      throw mismatch(
          "The request signature we calculated does not match the signature you provided. Check your"
              + " AWS Secret Access Key and signing method. Consult the service documentation for"
              + " details.");
    }
    return checkNotExpired(key);
  }

  private String checkDate(ReceivedRequest request, Authorization authorization) {
    String amzDate = request.header("X-Amz-Date");
    if (amzDate == null) {
      throw new StsRefusal(
          StsError.incompleteSignature(
              "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date'"
                  + " header."));
    }
    Instant now = clock.instant();
    Instant signed = parseDate(amzDate);
    if (signed.isBefore(now.minus(CLOCK_SKEW))) {
      throw mismatch("Signature expired: " + amzDate + " is now earlier than " + skewed(now, -1));
    }
    if (signed.isAfter(now.plus(CLOCK_SKEW))) {
      throw mismatch(
          "Signature not yet current: " + amzDate + " is still later than " + skewed(now, 1));
    }
    if (!amzDate.startsWith(authorization.date() + "T")) {
      throw mismatch(
          "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP");
    }
    return amzDate;
  }

  private static Instant parseDate(String amzDate) {
    try {
      return AMZ_DATE.parse(amzDate, Instant::from);
    } catch (DateTimeParseException e) {
      throw new StsRefusal(
          StsError.incompleteSignature(
              "Date must be in ISO-8601 'basic format'. Got '" + amzDate + "'."));
    }
  }

  private static String skewed(Instant now, int sign) {
    return AMZ_DATE.format(now.plus(CLOCK_SKEW.multipliedBy(sign)))
        + " ("
        + AMZ_DATE.format(now)
        + (sign < 0 ? " - " : " + ")
        + "5 min.)";
  }

  private static void checkScope(Authorization authorization) {
    if (!"sts".equals(authorization.service())) {
      throw mismatch("Credential should be scoped to correct service: 'sts'. ");
    }
    if (authorization.region().isEmpty()) {
      throw mismatch("Credential should be scoped to a valid region. ");
    }
    List<String> signed = authorization.signedHeaders();
    if (!signed.contains("host")) {
      throw mismatch("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
    }
    if (!signed.contains("x-amz-date")) {
      throw mismatch("'X-Amz-Date' must be a 'SignedHeader' in the AWS Authorization.");
    }
  }

  private static void checkSessionToken(ReceivedRequest request, AccessKey key) {
    String presented = request.header("X-Amz-Security-Token");
    String issued = key.sessionToken();
    boolean right =
        issued == null ? presented == null : presented != null && equal(issued, presented);
    if (!right) {
      throw new StsRefusal(StsError.invalidClientTokenId());
    }
  }

  private static void checkBodyHash(ReceivedRequest request) {
    String claimed = request.header("X-Amz-Content-Sha256");
    if (claimed != null && !equal(claimed, SignatureV4.sha256(request.body().getBytes()))) {
      throw mismatch(
          "The provided 'x-amz-content-sha256' header does not match what was computed.");
    }
  }

  private AccessKey checkNotExpired(AccessKey key) {
    Instant end = key.expiration();
    if (end != null && !clock.instant().isBefore(end)) {
      throw new StsRefusal(StsError.expiredToken());
    }
    return key;
  }

  private static boolean equal(String one, String other) {
    return MessageDigest.isEqual(one.getBytes(UTF_8), other.getBytes(UTF_8));
  }

  private static StsRefusal mismatch(String message) {
    return new StsRefusal(StsError.signatureDoesNotMatch(message));
  }
}
