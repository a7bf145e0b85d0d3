package io.claviger.broker.identity;

import java.util.List;
import java.util.function.BooleanSupplier;

/** Says who has signed an API request: AWS Signature Version 4. */
@FunctionalInterface
public interface RequestSignatures {

  /**
   * Verifies a request as it was received. Never throws, never blocks; takes some tens of
   * microseconds and the hash of the body.
   *
   * @param service that the signature has to be made for: {@code eks} or {@code eks-auth}
   */
  Result verify(SignedRequest request, String service);

  /**
   * A request as it came over the wire.
   *
   * @param method as in the request line
   * @param path as in the request line, still percent-encoded, without the query
   * @param query what follows the {@code ?}, still percent-encoded; empty when there is none
   * @param headers in the order in which they came
   * @param body may be empty
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record SignedRequest(
      String method, String path, String query, List<Header> headers, byte[] body) {
    public SignedRequest {
      headers = List.copyOf(headers);
    }

    /** Shows neither headers nor body. */
    @Override
    public String toString() {
      return "SignedRequest[" + method + " " + path + "]";
    }
  }

  /** A header line. */
  record Header(String name, String value) {}

  /** What a signature is worth. */
  sealed interface Result {}

  /**
   * The holder of this key has signed it.
   *
   * @param keyStands whether the key is still registered as it was then, for answers that go on
   */
  record Signed(ApiCaller caller, BooleanSupplier keyStands) implements Result {}

  /**
   * It is not known who sends it.
   *
   * @param code AWS's error name: {@code MissingAuthenticationTokenException}, {@code
   *     UnrecognizedClientException}, {@code InvalidSignatureException}, {@code
   *     IncompleteSignatureException}
   * @param message for a person; no secret, nothing that helps to forge
   */
  record Unsigned(String code, String message) implements Result {}
}
