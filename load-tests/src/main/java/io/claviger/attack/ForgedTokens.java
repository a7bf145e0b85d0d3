package io.claviger.attack;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Tokens without a valid signature of the cluster's key, and signed ones with a header that no
 * issuer writes. Each is wrong in one way. All are refused as invalid.
 *
 * @param name what is wrong
 * @param token as it is sent
 * @param unknownKey whether it has an unknown key id. Brokers look for such a key at the issuer,
 *     and answer meanwhile with a retryable error
 */
record ForgedTokens(String name, String token, boolean unknownKey) {

  ForgedTokens(String name, String token) {
    this(name, token, false);
  }

  /** The declared answer. */
  Predicate<HttpReply> declared() {
    Predicate<HttpReply> invalid = HttpReply.refusal(400, HttpReply.INVALID_TOKEN);
    return unknownKey ? invalid.or(HttpReply.refusal(503, HttpReply.UNAVAILABLE)) : invalid;
  }

  private static final String KUBERNETES = "kubernetes.io";

  /**
   * All kinds.
   *
   * @param keySet the address of the key set of {@link TokenForge#strangers()}
   */
  static List<ForgedTokens> of(TokenForge forge, String keySet) {
    List<ForgedTokens> all = new ArrayList<>();
    none(forge, all);
    secrets(forge, all);
    algorithms(forge, all);
    heads(forge, all);
    keys(forge, all, keySet);
    claims(forge, all);
    signatures(forge, all);
    return all;
  }

  private static void none(TokenForge forge, List<ForgedTokens> all) {
    String claims = forge.claims(same -> {});
    for (String algorithm : List.of("none", "None", "NONE", "nOnE", "")) {
      String header = forge.header(head -> head.put("alg", algorithm));
      all.add(new ForgedTokens("alg '" + algorithm + "'", forge.unsigned(header, claims)));
      all.add(
          new ForgedTokens(
              "alg '" + algorithm + "' and no signature",
              TokenForge.base64(header) + "." + TokenForge.base64(claims) + "."));
    }
    all.add(
        new ForgedTokens(
            "alg none without a key id",
            TokenForge.base64("{\"alg\":\"none\"}") + "." + TokenForge.base64(claims) + "."));
    all.add(
        new ForgedTokens(
            "no alg at all", forge.unsigned(forge.header(head -> head.remove("alg")), claims)));
  }

  private static void secrets(TokenForge forge, List<ForgedTokens> all) {
    Map<String, byte[]> secrets = new LinkedHashMap<>();
    try {
      byte[] encoded = forge.published().toRSAPublicKey().getEncoded();
      secrets.put("the public key, DER", encoded);
      String pem =
          "-----BEGIN PUBLIC KEY-----\n"
              + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
              + "\n-----END PUBLIC KEY-----";
      secrets.put("the public key, PEM", (pem + "\n").getBytes(UTF_8));
      secrets.put("the public key, PEM without its last line's end", pem.getBytes(UTF_8));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    secrets.put("the modulus", forge.published().getModulus().decode());
    secrets.put("the key, JSON", forge.published().toJSONString().getBytes(UTF_8));
    secrets.put("the key set", forge.keySet().getBytes(UTF_8));
    secrets.put("the key id", forge.published().getKeyID().getBytes(UTF_8));
    secrets.put("a zero byte", new byte[1]);
    secrets.forEach(
        (name, secret) -> {
          all.add(
              new ForgedTokens("HS256 by " + name, forge.bySecret("HS256", "HmacSHA256", secret)));
          all.add(
              new ForgedTokens("HS512 by " + name, forge.bySecret("HS512", "HmacSHA512", secret)));
        });
  }

  private static void algorithms(TokenForge forge, List<ForgedTokens> all) {
    all.add(new ForgedTokens("PS256 by the issuer's key", forge.byIssuer("PS256", "RSASSA-PSS")));
    all.add(
        new ForgedTokens("RS384 by the issuer's key", forge.byIssuer("RS384", "SHA384withRSA")));
    all.add(
        new ForgedTokens("RS512 by the issuer's key", forge.byIssuer("RS512", "SHA512withRSA")));
    all.add(new ForgedTokens("RS1 by the issuer's key", forge.byIssuer("RS1", "SHA1withRSA")));
    all.add(new ForgedTokens("ES256 under the issuer's key id", forge.byElliptic()));
    for (String algorithm :
        List.of(
            "RS256 ", "rs256", "RS384", "ES256", "ES384", "ES512", "EdDSA", "dir", "RSA-OAEP")) {
      all.add(
          new ForgedTokens(
              "the issuer's signature as '" + algorithm + "'",
              forge.byIssuerHeaded(head -> head.put("alg", algorithm))));
    }
    all.add(
        new ForgedTokens(
            "alg a list",
            forge.byIssuerHeaded(head -> head.put("alg", new JsonArray().add("RS256")))));
    String right = forge.header(same -> {}).substring(1);
    String claims = forge.claims(same -> {});
    all.add(
        new ForgedTokens(
            "a head with alg twice, RS256 and none",
            forge.unsigned("{\"alg\":\"RS256\",\"alg\":\"none\"}", claims)));
    all.add(
        new ForgedTokens(
            "a head with alg twice, signed",
            forge.signedText("{\"alg\":\"none\"," + right, claims)));
  }

  /** Signed by the issuer: only the header is wrong. */
  private static void heads(TokenForge forge, List<ForgedTokens> all) {
    Map<String, Consumer<JsonObject>> heads = new LinkedHashMap<>();
    heads.put("no key id", head -> head.remove("kid"));
    heads.put("a key id that is empty", head -> head.put("kid", ""));
    heads.put("a key id that is unknown", head -> head.put("kid", "unknown"));
    heads.put("a key id that is a path", head -> head.put("kid", "../issuer/key.json"));
    heads.put(
        "an extension that has to be understood",
        head -> head.put("crit", new JsonArray().add("exp")).put("exp", 1));
    heads.put("claims that are not encoded", head -> head.put("b64", false));
    heads.forEach(
        (name, head) ->
            all.add(
                new ForgedTokens(
                    name + ", signed by the issuer",
                    forge.byIssuerHeaded(head),
                    name.contains("key id that is"))));
  }

  private static void keys(TokenForge forge, List<ForgedTokens> all, String keySet) {
    Map<String, Consumer<JsonObject>> heads = new LinkedHashMap<>();
    heads.put("another key under the issuer's key id", head -> {});
    heads.put("a key id that is unknown", head -> head.put("kid", "unknown"));
    heads.put("no key id", head -> head.remove("kid"));
    heads.put("a key id that is empty", head -> head.put("kid", ""));
    heads.put("a key id that is a path", head -> head.put("kid", "../../../dev/null"));
    heads.put("a key id that is SQL", head -> head.put("kid", "x' UNION SELECT 'key'--"));
    heads.put("a key id that is 6 KB long", head -> head.put("kid", "k".repeat(6_000)));
    JsonObject own = new JsonObject(forge.strangers().toJSONString());
    heads.put("a key set of its own", head -> head.put("jku", keySet));
    heads.put("a certificate of its own", head -> head.put("x5u", keySet));
    heads.put("a key of its own", head -> head.put("jwk", own));
    heads.put(
        "a key set of its own for a key id that is unknown",
        head -> head.put("jku", keySet).put("kid", "stranger"));
    heads.put(
        "a key of its own under a key id that is unknown",
        head -> head.put("jwk", own.copy().put("kid", "stranger")).put("kid", "stranger"));
    heads.put("a key of its own without a key id", head -> head.put("jwk", own).remove("kid"));
    heads.forEach(
        (name, head) ->
            all.add(
                new ForgedTokens(
                    name, forge.byStranger(head, same -> {}), name.contains("key id that is"))));
  }

  private static void claims(TokenForge forge, List<ForgedTokens> all) {
    Map<String, Consumer<JsonObject>> claims = new LinkedHashMap<>();
    claims.put("namespace", json -> json.getJsonObject(KUBERNETES).put("namespace", "kube-system"));
    claims.put("service account", json -> named(json, "serviceaccount").put("name", "admin"));
    claims.put("service account's uid", json -> named(json, "serviceaccount").put("uid", "1"));
    claims.put("pod", json -> named(json, "pod").put("name", "another"));
    claims.put("pod's uid", json -> named(json, "pod").put("uid", "1"));
    claims.put("node", json -> named(json, "node").put("name", "node-9"));
    claims.put("no node", json -> json.getJsonObject(KUBERNETES).remove("node"));
    claims.put("audience", json -> json.put("aud", "another"));
    claims.put("end", json -> json.put("exp", json.getLong("exp") + 1));
    claims.put("beginning", json -> json.put("nbf", json.getLong("nbf") - 1));
    claims.put("subject", json -> json.put("sub", "system:serviceaccount:kube-system:admin"));
    claims.put("id", json -> json.put("jti", "another"));
    claims.put("one more claim", json -> json.put("admin", true));
    claims.forEach(
        (name, change) -> {
          all.add(
              new ForgedTokens(
                  "altered: " + name,
                  forge.unsigned(forge.header(same -> {}), forge.claims(change))));
          all.add(
              new ForgedTokens(
                  "altered, and signed by another key: " + name,
                  forge.byStranger(same -> {}, change)));
        });
    String right = forge.claims(same -> {});
    for (String member : List.of("sub", "iss", "exp", KUBERNETES)) {
      String claimed = "{\"" + member + "\":\"system:serviceaccount:a:b\"," + right.substring(1);
      String header = forge.header(same -> {});
      all.add(
          new ForgedTokens("claims with " + member + " twice", forge.unsigned(header, claimed)));
      all.add(
          new ForgedTokens(
              "claims with " + member + " twice, signed by the issuer",
              forge.signedText(header, claimed)));
    }
  }

  private static JsonObject named(JsonObject claims, String kind) {
    return claims.getJsonObject(KUBERNETES).getJsonObject(kind);
  }

  private static void signatures(TokenForge forge, List<ForgedTokens> all) {
    String right = forge.byIssuer(same -> {});
    int signature = right.lastIndexOf('.') + 1;
    for (int at = 0; at < 12; at++) {
      int flipped = signature + at * 28;
      char now = right.charAt(flipped);
      all.add(
          new ForgedTokens(
              "one character of the signature, the " + (at * 28 + 1) + "th",
              right.substring(0, flipped)
                  + (now == 'A' ? 'B' : 'A')
                  + right.substring(flipped + 1)));
    }
    all.add(new ForgedTokens("half a signature", right.substring(0, signature + 171)));
    all.add(
        new ForgedTokens("a signature of zeros", right.substring(0, signature) + "A".repeat(342)));
    all.add(new ForgedTokens("two signatures", right + right.substring(signature)));
  }
}
