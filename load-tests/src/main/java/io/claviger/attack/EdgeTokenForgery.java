package io.claviger.attack;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.attack.BridgeLogins.Wrong;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.TokenRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Tokens that are invalid for an edge, each for one reason. */
final class EdgeTokenForgery {

  private static final String AUDIENCE = "the token's audience does not include";
  private static final String EXPIRED = "the token has expired";
  private static final String SIGNATURE = "the token's signature is wrong";
  private static final String ALGORITHM = "the token's signature algorithm is not accepted";

  /** Brokers limit the rate at which they fetch an issuer's keys. */
  private static final List<String> NO_KEY =
      List.of("a key that its issuer does not publish", "keys of the issuer cannot be fetched now");

  private static final String NO_ISSUER = "not a JWT of an issuer that is registered here";
  private static final String SERVICE_ACCOUNT = "is not registered for edges";

  private EdgeTokenForgery() {}

  /**
   * All kinds.
   *
   * @param signed a valid token, on which the others are based
   */
  static Map<String, Wrong> all(Target target, String signed) {
    LocalMesh mesh = target.mesh();
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
    tokens.put("a token for no audience", new Wrong(mesh.token(right.withAudiences()), AUDIENCE));
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
        "a token of the same name in another namespace",
        new Wrong(
            mesh.token(
                TokenRequest.ofPod("shop", "node-edge", "node-edge-0", "node-1")
                    .withAudiences("claviger-broker")),
            SERVICE_ACCOUNT));
    parts(mesh, signed, tokens);
    heads(new TokenForge(target, signed), tokens);
    return tokens;
  }

  private static void parts(LocalMesh mesh, String signed, Map<String, Wrong> tokens) {
    String[] token = signed.split("\\.", -1);
    String[] other = mesh.token(BridgeClient.edgeToken(BridgeClient.OTHER_NODE)).split("\\.", -1);
    tokens.put(
        "a signature of another token", new Wrong(join(token[0], token[1], other[2]), SIGNATURE));
    tokens.put(
        "another node in a signed token", new Wrong(join(token[0], other[1], token[2]), SIGNATURE));
    tokens.put("no signature", new Wrong(join(token[0], token[1], ""), NO_ISSUER));
    tokens.put("a token of two parts", new Wrong(join(token[0], token[1]), NO_ISSUER));
    tokens.put("a token of four parts", new Wrong(signed + ".x", NO_ISSUER));
    tokens.put(
        "the algorithm none",
        new Wrong(
            join(TokenForge.base64("{\"alg\":\"none\",\"typ\":\"JWT\"}"), token[1], ""),
            NO_ISSUER));
    tokens.put(
        "the algorithm none with a signature",
        new Wrong(join(TokenForge.base64("{\"alg\":\"NONE\"}"), token[1], token[2]), ALGORITHM));
    tokens.put("padding", new Wrong(join(token[0] + "==", token[1], token[2]), NO_ISSUER));
    tokens.put("a space before it", new Wrong(" " + signed, NO_ISSUER));
    tokens.put("Bearer before it", new Wrong("Bearer " + signed, NO_ISSUER));
    tokens.put(
        "a truncated signature",
        new Wrong(join(token[0], token[1], token[2].substring(0, 100)), SIGNATURE));
    tokens.put(
        "a changed bit of the signature",
        new Wrong(join(token[0], token[1], flipped(token[2])), SIGNATURE));
    tokens.put("no JWT", new Wrong("let-me-in", NO_ISSUER));
    tokens.put("dots", new Wrong("..", NO_ISSUER));
  }

  private static void heads(TokenForge forge, Map<String, Wrong> tokens) {
    tokens.put(
        "HMAC by the public key",
        new Wrong(
            forge.bySecret("HS256", "HmacSHA256", forge.keySet().getBytes(UTF_8)), ALGORITHM));
    tokens.put(
        "a key id that is a path",
        new Wrong(
            headed(forge, head -> head.put("kid", "../../sealing-keys/local-1.key")), NO_KEY));
    tokens.put(
        "a key id that is SQL",
        new Wrong(headed(forge, head -> head.put("kid", "x' OR '1'='1")), NO_KEY));
    tokens.put(
        "a key that comes with the token",
        new Wrong(
            headed(forge, head -> head.put("jwk", new JsonObject().put("kty", "RSA"))), NO_ISSUER));
    tokens.put(
        "a key at an address",
        new Wrong(headed(forge, head -> head.put("jku", "http://127.0.0.1:1/jwks")), SIGNATURE));
    tokens.put(
        "an extension that must be understood",
        new Wrong(
            headed(forge, head -> head.put("crit", new JsonArray().add("x")).put("x", 1)),
            SIGNATURE));
  }

  /** The valid token's claims and signature, with another header. */
  private static String headed(TokenForge forge, Consumer<JsonObject> change) {
    return forge.unsigned(forge.header(change), forge.claims(same -> {}));
  }

  private static String flipped(String signature) {
    byte[] bytes = Base64.getUrlDecoder().decode(signature);
    bytes[bytes.length / 2] ^= 1;
    return TokenForge.base64(bytes);
  }

  private static String join(String... parts) {
    return String.join(".", parts);
  }
}
