package io.claviger.attack;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.config.lifecycle.HostPort;
import io.claviger.config.trust.AmzDate;
import io.claviger.config.trust.CanonicalRequest;
import io.claviger.config.trust.CredentialScope;
import io.claviger.config.trust.SignatureV4;
import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.LocalMesh;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A caller of a broker's API with an access key. {@link #toString()} hides the secret.
 *
 * @param service in the scope of its signatures
 * @param age of its signatures
 */
record ApiCaller(
    HostPort api,
    String cluster,
    String region,
    String service,
    String keyId,
    String secret,
    Duration age) {

  private static final Duration ANSWER = Duration.ofSeconds(15);
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final int DAY_CHARACTERS = 8;

  /** A caller with this key. */
  static ApiCaller of(LocalMesh mesh, BrokerMember broker, String keyId, String secret) {
    return new ApiCaller(
        broker.api(),
        mesh.options().cluster().name(),
        mesh.options().cluster().region(),
        "eks",
        keyId,
        secret,
        Duration.ZERO);
  }

  /** The operator. */
  static ApiCaller admin(LocalMesh mesh, BrokerMember broker) {
    return of(mesh, broker, mesh.admin().id(), mesh.admin().secret());
  }

  ApiCaller withScope(String otherRegion, String otherService) {
    return new ApiCaller(api, cluster, otherRegion, otherService, keyId, secret, age);
  }

  ApiCaller withKey(String otherId, String otherSecret) {
    return new ApiCaller(api, cluster, region, service, otherId, otherSecret, age);
  }

  ApiCaller signing(Duration ago) {
    return new ApiCaller(api, cluster, region, service, keyId, secret, ago);
  }

  /** A path of the EKS API below the cluster. */
  String path(String below) {
    return "/clusters/" + cluster + below;
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  /** Signs the request as it is now. */
  ApiRequest sign(ApiRequest request) {
    String date = DATE.format(Instant.now().minus(age));
    ApiRequest dated = request.with("Host: " + api).with("X-Amz-Date: " + date);
    SortedMap<String, List<String>> headers = new TreeMap<>();
    for (String line : dated.headers()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT),
          List.of(line.substring(colon + 1).strip()));
    }
    CredentialScope scope =
        new CredentialScope(keyId, date.substring(0, DAY_CHARACTERS), region, service);
    String signature =
        SignatureV4.of(
            new CanonicalRequest(
                dated.method(), dated.path(), dated.query(), headers, dated.bodyHash()),
            scope,
            AmzDate.parse(date),
            secret);
    return dated.with(
        "Authorization: AWS4-HMAC-SHA256 Credential=%s/%s/%s/%s/aws4_request, SignedHeaders=%s,"
                .formatted(keyId, scope.date(), region, service, String.join(";", headers.keySet()))
            + " Signature="
            + signature);
  }

  /** Signs and sends. */
  HttpReply call(ApiRequest request) {
    return send(sign(request).bytes());
  }

  /** Sends bytes unchanged. */
  HttpReply send(byte[] bytes) {
    return HttpReply.of(StrangerSocket.exchange(StrangerSocket.STRANGER, api, bytes, ANSWER));
  }

  /** Creates an association. */
  HttpReply create(String namespace, String serviceAccount, String roleArn) {
    return call(
        ApiRequest.post(
            path("/pod-identity-associations"),
            new JsonObject()
                .put("namespace", namespace)
                .put("serviceAccount", serviceAccount)
                .put("roleArn", roleArn)
                .encode()));
  }

  /** Ensures an association with a role that every caller may assume at the stand-in. */
  void associate(String namespace, String serviceAccount) {
    HttpReply reply = create(namespace, serviceAccount, role(serviceAccount));
    if (!reply.is(200) && !reply.is(409)) {
      throw new IllegalStateException("cannot create an association: " + reply);
    }
  }

  static String role(String name) {
    return "arn:aws:iam::123456789012:role/pods/" + name;
  }

  HttpReply revoke(String kind, String name) {
    return call(
        ApiRequest.post(
            path("/revocations"), new JsonObject().put("kind", kind).put("name", name).encode()));
  }

  HttpReply restore(String kind, String name) {
    return call(ApiRequest.delete(path("/revocations?kind=" + kind + "&name=" + encoded(name))));
  }

  /** Requests a pod's credentials. */
  HttpReply assume(String token) {
    return withScope(region, "eks-auth")
        .call(
            ApiRequest.post(
                path("/assume-role-for-pod-identity"),
                new JsonObject().put("token", token).encode()));
  }

  @Override
  public String toString() {
    return "ApiCaller[" + keyId + " at " + api + "]";
  }
}
