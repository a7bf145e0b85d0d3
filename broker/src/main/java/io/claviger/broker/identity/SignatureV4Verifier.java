package io.claviger.broker.identity;

import io.claviger.config.trust.CanonicalRequest;
import io.claviger.config.trust.CredentialScope;
import io.claviger.config.trust.Sha256;
import io.claviger.config.trust.SignatureV4;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * AWS Signature Version 4, in headers or pre-signed, by the keys that the operator has registered.
 * Accepts any Region, and dates within five minutes of now. The body is always hashed: a request
 * with an unsigned body is rejected. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html">AWS Signature
 *     Version 4 for API requests</a>
 */
public final class SignatureV4Verifier implements RequestSignatures {

  private static final String CONTENT_HASH = "x-amz-content-sha256";

  private final Supplier<AccessKeys> keys;
  private final InstantSource clock;

  /**
   * A verifier.
   *
   * @param keys the currently registered keys; read for every request
   * @param clock the current time
   */
  public SignatureV4Verifier(Supplier<AccessKeys> keys, InstantSource clock) {
    this.keys = keys;
    this.clock = clock;
  }

  @Override
  public Result verify(SignedRequest request, String service) {
    ReceivedHeaders headers = new ReceivedHeaders(request.headers());
    Optional<PresentedSignature> presented;
    try {
      presented = PresentedSignature.read(headers, request.query());
    } catch (IllegalArgumentException e) {
      return new Unsigned("IncompleteSignatureException", String.valueOf(e.getMessage()));
    }
    return presented
        .map(signature -> verify(request, service, headers, signature))
        .orElseGet(
            () ->
                new Unsigned(
                    "MissingAuthenticationTokenException",
                    "Request is missing Authentication Token"));
  }

  private Result verify(
      SignedRequest request,
      String service,
      ReceivedHeaders headers,
      PresentedSignature presented) {
    Optional<String> flaw =
        formFlaw(request)
            .or(() -> scopeFlaw(presented, service))
            .or(() -> presented.date().notInForce(clock.instant(), presented.life()))
            .or(() -> SignatureCoverage.flaw(headers, presented));
    if (flaw.isPresent()) {
      return new Unsigned("InvalidSignatureException", flaw.get());
    }
    if (presented.sessionToken()) {
      return unrecognized("Keys that are registered here have no session token.");
    }
    AccessKey key = keys.get().find(presented.claim().credential().accessKeyId()).orElse(null);
    return key == null
        ? unrecognized("The access key id is not registered here.")
        : verify(request, headers, presented, key);
  }

  private Result verify(
      SignedRequest request, ReceivedHeaders headers, PresentedSignature presented, AccessKey key) {
    String bodyHash = Sha256.hex(request.body());
    if (headers.values(CONTENT_HASH).stream().anyMatch(claimed -> !claimed.equals(bodyHash))) {
      return new Unsigned(
          "InvalidSignatureException",
          "'x-amz-content-sha256' has to be the SHA-256 of the body, which has to be signed.");
    }
    CanonicalRequest canonical =
        new CanonicalRequest(
            request.method(),
            request.path(),
            presented.query(),
            headers.only(presented.claim().signedHeaders()),
            bodyHash);
    String expected =
        SignatureV4.of(
            canonical, presented.claim().credential(), presented.date(), key.secretAccessKey());
    return SignatureV4.equal(expected, presented.claim().signature())
        ? new Signed(
            key.caller(), () -> keys.get().find(key.accessKeyId()).filter(key::equals).isPresent())
        : new Unsigned(
            "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided. Check"
                + " your AWS Secret Access Key and signing method.");
  }

  /** Clients never sign a path in absolute form, as in a request to a proxy. */
  private static Optional<String> formFlaw(SignedRequest request) {
    return request.path().isEmpty() || request.path().startsWith("/")
        ? Optional.empty()
        : Optional.of("The request line has to have a path that begins with '/'.");
  }

  private static Optional<String> scopeFlaw(PresentedSignature presented, String service) {
    CredentialScope scope = presented.claim().credential();
    if (!scope.service().equals(service)) {
      return Optional.of("Credential should be scoped to correct service: '" + service + "'.");
    }
    if (scope.region().isBlank()) {
      return Optional.of("Credential should be scoped to a valid region.");
    }
    return presented.date().isOn(scope.date())
        ? Optional.empty()
        : Optional.of("Date in Credential scope does not match YYYYMMDD of X-Amz-Date.");
  }

  private static Result unrecognized(String why) {
    return new Unsigned("UnrecognizedClientException", why);
  }
}
