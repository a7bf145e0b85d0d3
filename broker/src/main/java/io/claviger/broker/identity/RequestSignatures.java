package io.claviger.broker.identity;

import java.util.List;
import java.util.function.BooleanSupplier;

/** Identifies the signer of an API request: AWS Signature Version 4. */
@FunctionalInterface
public interface RequestSignatures {

  /**
   * Verifies a request as received. Never throws, never blocks. Takes some tens of microseconds,
   * plus the hash of the body.
   *
   * @param service the service in the signature's scope: {@code eks} or {@code eks-auth}
   */
  Result verify(SignedRequest request, String service);

  /**
   * A request as received from the network.
   *
   * @param method as in the request line
   * @param path as in the request line, still percent-encoded, without the query
   * @param query what follows the {@code ?}, still percent-encoded; empty if there is none
   * @param headers in the order of arrival
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

  /** The result of verifying a signature. */
  sealed interface Result {}

  /**
   * The holder of this key has signed the request.
   *
   * @param keyStands whether the key is still registered unchanged; checked during streamed
   *     responses
   */
  record Signed(ApiCaller caller, BooleanSupplier keyStands) implements Result {}

  /**
   * The request's sender is not identified.
   *
   * @param code AWS's error name: {@code MissingAuthenticationTokenException}, {@code
   *     UnrecognizedClientException}, {@code InvalidSignatureException}, {@code
   *     IncompleteSignatureException}
   * @param message for a person; no secret, nothing that helps to forge
   */
  record Unsigned(String code, String message) implements Result {}
}
