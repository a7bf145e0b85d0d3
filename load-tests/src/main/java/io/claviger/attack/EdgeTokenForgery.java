package io.claviger.attack;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.attack.BridgeLogins.Wrong;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.TokenRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens by which nobody is an edge, each for one reason. */
final class EdgeTokenForgery {

  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

  private static final String AUDIENCE = "the token's audience does not include";
  private static final String EXPIRED = "the token has expired";
  private static final String SIGNATURE = "the token's signature is wrong";
  private static final String ALGORITHM = "the token's signature algorithm is not accepted";

  /** The issuer is not asked for one key after the other. */
  private static final List<String> NO_KEY =
      List.of("a key that its issuer does not publish", "keys of the issuer cannot be fetched now");

  private static final String NO_ISSUER = "not a JWT of an issuer that is registered here";
  private static final String SERVICE_ACCOUNT = "is not registered for edges";

  private EdgeTokenForgery() {}

  /**
   * All kinds.
   *
   * @param signed a token that lets in, of which the others are made
   */
  static Map<String, Wrong> all(LocalMesh mesh, String signed) {
    TokenRequest right = BridgeClient.edgeToken(BridgeClient.NODE);
    Map<String, Wrong> tokens = new LinkedHashMap<>();
    tokens.put(
        "a pod's token", new Wrong(mesh.token("shop", "cart", "cart-0", "node-1"), AUDIENCE));
    tokens.put(
        "a pod's token of the edges' service account",
        new Wrong(mesh.token(right.withAudiences(TokenRequest.POD_AUDIENCE)), AUDIENCE));
    tokens.put(
        "a token for the API server",
        new Wrong(mesh.token(right.withAudiences("https://kubernetes")), AUDIENCE));
    tokens.put("a token for nobody", new Wrong(mesh.token(right.withAudiences()), AUDIENCE));
    tokens.put(
        "an expired token",
        new Wrong(mesh.token(right.withLife(Duration.ofMinutes(-10))), EXPIRED));
    tokens.put(
        "a token with another key", new Wrong(mesh.issuer().impostor().token(right), SIGNATURE));
    tokens.put(
        "a token of another issuer",
        new Wrong(mesh.issuer().named("https://other.test").token(right), NO_ISSUER));
    tokens.put(
        "a token of another service account",
        new Wrong(
            mesh.token(
                TokenRequest.ofPod("claviger", "broker", "broker-0", "node-1")
                    .withAudiences("claviger-broker")),
            SERVICE_ACCOUNT));
    tokens.put(
        "a token of an edge's namesake in another namespace",
        new Wrong(
            mesh.token(
                TokenRequest.ofPod("shop", "node-edge", "node-edge-0", "node-1")
                    .withAudiences("claviger-broker")),
            SERVICE_ACCOUNT));
    forge(mesh, signed, tokens);
    return tokens;
  }

  private static void forge(LocalMesh mesh, String signed, Map<String, Wrong> tokens) {
    String[] token = signed.split("\\.", -1);
    String[] other = mesh.token(BridgeClient.edgeToken(BridgeClient.OTHER_NODE)).split("\\.", -1);
    tokens.put(
        "a signature of another token", new Wrong(join(token[0], token[1], other[2]), SIGNATURE));
    tokens.put(
        "another node in a signed token", new Wrong(join(token[0], other[1], token[2]), SIGNATURE));
    tokens.put("no signature", new Wrong(join(token[0], token[1], ""), NO_ISSUER));
    tokens.put("a token of two parts", new Wrong(token[0] + "." + token[1], NO_ISSUER));
    tokens.put(
        "a token of four parts", new Wrong(join(token[0], token[1], token[2]) + ".x", NO_ISSUER));
    tokens.put(
        "the algorithm none",
        new Wrong(join(header("{\"alg\":\"none\",\"typ\":\"JWT\"}"), token[1], ""), NO_ISSUER));
    tokens.put(
        "the algorithm none with a signature",
        new Wrong(join(header("{\"alg\":\"NONE\"}"), token[1], token[2]), ALGORITHM));
    tokens.put("HMAC by the public key", new Wrong(hmac(mesh, token), ALGORITHM));
    tokens.put("padding", new Wrong(join(token[0] + "==", token[1], token[2]), NO_ISSUER));
    tokens.put("a space before it", new Wrong(" " + join(token[0], token[1], token[2]), NO_ISSUER));
    tokens.put(
        "Bearer before it", new Wrong("Bearer " + join(token[0], token[1], token[2]), NO_ISSUER));
    tokens.put(
        "a signature that is cut",
        new Wrong(join(token[0], token[1], token[2].substring(0, 100)), SIGNATURE));
    tokens.put("a bit of the signature", new Wrong(flipped(token), SIGNATURE));
    tokens.put("no JWT", new Wrong("let-me-in", NO_ISSUER));
    tokens.put("dots", new Wrong("..", NO_ISSUER));
    tokens.put(
        "a key id that is a path",
        new Wrong(named(token, "../../sealing-keys/local-1.key"), NO_KEY));
    tokens.put("a key id that is SQL", new Wrong(named(token, "x' OR '1'='1"), NO_KEY));
    tokens.put(
        "a key that comes with the token",
        new Wrong(header(token, "\"jwk\":{\"kty\":\"RSA\"},"), NO_ISSUER));
    tokens.put(
        "a key at an address",
        new Wrong(header(token, "\"jku\":\"http://127.0.0.1:1/jwks\","), SIGNATURE));
    tokens.put(
        "an extension that must be understood",
        new Wrong(header(token, "\"crit\":[\"x\"],\"x\":1,"), SIGNATURE));
  }

  private static String hmac(LocalMesh mesh, String[] token) {
    try {
      String signed = header(text(token[0]).replace("RS256", "HS256")) + "." + token[1];
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(Files.readAllBytes(mesh.issuer().jwks()), "HmacSHA256"));
      return signed + "." + BASE64.encodeToString(mac.doFinal(signed.getBytes(US_ASCII)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
    }
  }

  private static String named(String[] token, String keyId) {
    String header = text(token[0]).replaceAll("\"kid\":\"[^\"]*\"", "\"kid\":\"" + keyId + "\"");
    return join(header(header), token[1], token[2]);
  }

  /** More fields in the header of a token. */
  private static String header(String[] token, String fields) {
    return join(header("{" + fields + text(token[0]).substring(1)), token[1], token[2]);
  }

  private static String flipped(String[] token) {
    byte[] signature = DECODER.decode(token[2]);
    signature[signature.length / 2] ^= 1;
    return join(token[0], token[1], BASE64.encodeToString(signature));
  }

  private static String text(String part) {
    return new String(DECODER.decode(part), UTF_8);
  }

  private static String header(String json) {
    return BASE64.encodeToString(json.getBytes(UTF_8));
  }

  private static String join(String... parts) {
    return String.join(".", parts);
  }
}
