package io.claviger.mesh.api;

import io.claviger.broker.identity.ApiCaller;
import io.claviger.broker.identity.RequestSignatures;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Believes every signature: the caller is called as the access key id says. */
final class PresentedKeys implements RequestSignatures {

  private static final Pattern CREDENTIAL =
      Pattern.compile("AWS4-HMAC-SHA256 Credential=([^/]+)/\\d+/[^/]+/([^/]+)/aws4_request.*");

  @Override
  public Verdict verify(SignedRequest request, String service) {
    return request.headers().stream()
        .filter(header -> header.name().equalsIgnoreCase("Authorization"))
        .map(header -> CREDENTIAL.matcher(header.value()))
        .filter(Matcher::matches)
        .filter(credential -> credential.group(2).equals(service))
        .findFirst()
        .<Verdict>map(credential -> new Signed(new ApiCaller(credential.group(1), null)))
        .orElseGet(() -> new Unsigned("MissingAuthenticationTokenException", "not signed"));
  }
}
