package io.claviger.attack;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.RSAKey;
import io.claviger.localmesh.MeshDirectory;
import io.claviger.localmesh.MeshException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.text.ParseException;
import java.util.Base64;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Creates tokens that the cluster never issues, with its own key, which only an API server has, and
 * with others. Checks nothing, so that every error is possible.
 */
final class TokenForge {

  private static final int KEY_BITS = 2048;
  private static final int SALT_BYTES = 32;

  private final IssuedSecrets secrets;
  private final RSAKey issuer;
  private final PrivateKey own;
  private final String keySet;
  private final KeyPair other = newKey("RSA", KEY_BITS);
  private final String[] right;

  /**
   * Changes a valid token. The search for secrets includes everything that the issuer's key signs
   * here.
   */
  TokenForge(Target target, String right) {
    this.secrets = target.secrets();
    try {
      this.issuer =
          RSAKey.parse(
              Files.readString(
                  new MeshDirectory(target.mesh().options().directory())
                      .issuer()
                      .resolve("key.json")));
      this.own = issuer.toPrivateKey();
      this.keySet = Files.readString(target.mesh().issuer().jwks());
    } catch (IOException | ParseException | JOSEException e) {
      throw new MeshException("cannot read the key of the mesh's issuer", e);
    }
    this.right = right.split("\\.", -1);
  }

  /** The issuer's published key. */
  RSAKey published() {
    return issuer.toPublicJWK();
  }

  /** The issuer's published key set, as in its file. */
  String keySet() {
    return keySet;
  }

  /** The public half of the key with which {@link #byStranger} signs. */
  RSAKey strangers() {
    return new RSAKey.Builder((RSAPublicKey) other.getPublic())
        .keyID(issuer.getKeyID())
        .algorithm(issuer.getAlgorithm())
        .build();
  }

  /** The valid token's header with a change. */
  String header(Consumer<JsonObject> change) {
    return altered(right[0], change);
  }

  /** The valid token's claims with a change. */
  String claims(Consumer<JsonObject> change) {
    return altered(right[1], change);
  }

  private static String altered(String part, Consumer<JsonObject> change) {
    JsonObject json = new JsonObject(new String(Base64.getUrlDecoder().decode(part), UTF_8));
    change.accept(json);
    return json.encode();
  }

  /** The valid token with other parts and the same signature. */
  String unsigned(String header, String claims) {
    return base64(header) + "." + base64(claims) + "." + right[2];
  }

  /** Signed by the issuer, as if it had issued the token. */
  String byIssuer(Consumer<JsonObject> change) {
    return signedText(header(same -> {}), claims(change));
  }

  /** Signed with the issuer's key and another algorithm. */
  String byIssuer(String algorithm, String javaName) {
    return issued(
        signed(header(head -> head.put("alg", algorithm)), claims(same -> {}), javaName, own));
  }

  /** Signed by the issuer for any header: nothing else is wrong. */
  String byIssuerHeaded(Consumer<JsonObject> change) {
    return signedText(header(change), claims(same -> {}));
  }

  /** Signed by the issuer's algorithm for any texts. */
  String signedText(String header, String claims) {
    return issued(signed(header, claims, "SHA256withRSA", own));
  }

  private String issued(String token) {
    secrets.add("a token", token);
    return token;
  }

  /** Signed with another key. */
  String byStranger(Consumer<JsonObject> head, Consumer<JsonObject> change) {
    return signed(header(head), claims(change), "SHA256withRSA", other.getPrivate());
  }

  /** With a MAC whose secret is public. */
  String bySecret(String algorithm, String javaName, byte[] secret) {
    String signed =
        base64(header(head -> head.put("alg", algorithm))) + "." + base64(claims(same -> {}));
    try {
      Mac mac = Mac.getInstance(javaName);
      mac.init(new SecretKeySpec(secret, javaName));
      return signed + "." + base64(mac.doFinal(signed.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Signed with a key of another type, under the issuer's key id. */
  String byElliptic() {
    return signed(
        header(head -> head.put("alg", "ES256")),
        claims(same -> {}),
        "SHA256withECDSAinP1363Format",
        newKey("EC", 256).getPrivate());
  }

  private static String signed(String header, String claims, String algorithm, PrivateKey key) {
    String signed = base64(header) + "." + base64(claims);
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      if (algorithm.equals("RSASSA-PSS")) {
        signature.setParameter(
            new PSSParameterSpec(
                "SHA-256",
                "MGF1",
                MGF1ParameterSpec.SHA256,
                SALT_BYTES,
                PSSParameterSpec.TRAILER_FIELD_BC));
      }
      signature.update(signed.getBytes(UTF_8));
      return signed + "." + base64(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair newKey(String algorithm, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String base64(String text) {
    return base64(text.getBytes(UTF_8));
  }

  static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
