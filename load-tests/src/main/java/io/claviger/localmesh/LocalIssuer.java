package io.claviger.localmesh;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Issues service-account tokens in the form of an API server's. They have RS256, a key id and no
 * type in the header, the audience as a list, and the {@code kubernetes.io} claim with names and
 * uids. Only a mesh that has registered this issuer's key set accepts them.
 */
public final class LocalIssuer {

  private static final int KEY_BITS = 2048;

  private final String issuer;
  private volatile RSAKey key;
  private volatile JWKSet published;
  private final InstantSource clock;
  private final Path jwks;
  private volatile Consumer<String> onIssued = token -> {};

  private LocalIssuer(String issuer, RSAKey key, InstantSource clock, Path jwks) {
    this.issuer = issuer;
    this.key = key;
    this.published = new JWKSet(key.toPublicJWK());
    this.clock = clock;
    this.jwks = jwks;
  }

  /** Creates an issuer and writes its key and its key set to the directory. */
  public static LocalIssuer create(Path directory, String issuer, InstantSource clock) {
    PrivateFiles.directory(directory);
    RSAKey key = newKey();
    PrivateFiles.write(directory.resolve("key.json"), key.toJSONString());
    Path jwks = jwks(directory);
    PrivateFiles.write(jwks, new JWKSet(key.toPublicJWK()).toString());
    return new LocalIssuer(issuer, key, clock, jwks);
  }

  /**
   * Opens the issuer that was created in the directory.
   *
   * @throws UncheckedIOException when there is none
   */
  public static LocalIssuer open(Path directory, String issuer, InstantSource clock) {
    Path file = directory.resolve("key.json");
    try {
      RSAKey key = RSAKey.parse(Files.readString(file));
      return new LocalIssuer(issuer, key, clock, jwks(directory));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the issuer's key " + file, e);
    } catch (ParseException e) {
      throw new IllegalStateException("not a key: " + file);
    }
  }

  private static Path jwks(Path directory) {
    return directory.resolve("jwks.json");
  }

  /**
   * Signs with a new key from now on. The key set has both keys, as an API server's has during a
   * rotation. Brokers and edges read the key set again when a token has an unknown key id.
   */
  void rotate() {
    RSAKey next = newKey();
    List<JWK> all = new ArrayList<>(published.getKeys());
    all.add(next.toPublicJWK());
    published = new JWKSet(all);
    PrivateFiles.write(jwks, published.toString());
    key = next;
  }

  /** The key set that verifies its tokens, RFC 7517. */
  public Path jwks() {
    return jwks;
  }

  /** The {@code iss} of its tokens. */
  public String issuer() {
    return issuer;
  }

  /** An issuer of the same name with another key under the same key id: its tokens are forged. */
  public LocalIssuer impostor() {
    RSAKey other = new RSAKey.Builder(newKey()).keyID(key.getKeyID()).build();
    return new LocalIssuer(issuer, other, clock, jwks);
  }

  /** An issuer of another name with the same key. */
  public LocalIssuer named(String other) {
    return new LocalIssuer(other, key, clock, jwks);
  }

  /** Passes each token that is issued from now on to the consumer. */
  public void onIssued(Consumer<String> each) {
    onIssued = each;
  }

  /** Issues a token with these claims. */
  public String token(TokenRequest request) {
    String token = signed(request);
    onIssued.accept(token);
    return token;
  }

  private String signed(TokenRequest request) {
    Instant now = clock.instant();
    // With a negative lifetime the token was issued that much earlier and has expired.
    Instant issued =
        request.life().isNegative()
            ? now.plus(request.life().multipliedBy(2))
            : now.minus(request.age());
    Map<String, Object> claims = new LinkedHashMap<>();
    // Not a JWTClaimsSet: it writes a single audience as a string, API servers write a list.
    claims.put("aud", request.audiences());
    claims.put("exp", now.plus(request.life()).getEpochSecond());
    claims.put("iat", issued.getEpochSecond());
    claims.put("iss", issuer);
    claims.put("jti", UUID.randomUUID().toString());
    claims.put("kubernetes.io", kubernetes(request));
    claims.put("nbf", issued.getEpochSecond());
    claims.put(
        "sub", "system:serviceaccount:" + request.namespace() + ":" + request.serviceAccount());
    RSAKey signing = key;
    JWSObject token =
        new JWSObject(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(signing.getKeyID()).build(),
            new Payload(claims));
    try {
      token.sign(new RSASSASigner(signing));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot sign a token", e);
    }
  }

  private static Map<String, Object> kubernetes(TokenRequest request) {
    Map<String, Object> claim = new LinkedHashMap<>();
    claim.put("namespace", request.namespace());
    String node = request.node();
    if (node != null) {
      claim.put("node", named(node, uid("node", node)));
    }
    claim.put("pod", named(request.pod(), request.podUid()));
    claim.put(
        "serviceaccount",
        named(
            request.serviceAccount(),
            uid("serviceaccount", request.namespace(), request.serviceAccount())));
    return claim;
  }

  private static Map<String, Object> named(String name, String uid) {
    return Map.of("name", name, "uid", uid);
  }

  /** The uid of an object: the same on every call with the same kind and name. */
  static String uid(String... kindAndName) {
    return UUID.nameUUIDFromBytes(
            String.join("/", List.of(kindAndName)).getBytes(StandardCharsets.UTF_8))
        .toString();
  }

  private static RSAKey newKey() {
    try {
      return new RSAKeyGenerator(KEY_BITS)
          .keyUse(KeyUse.SIGNATURE)
          .algorithm(JWSAlgorithm.RS256)
          .keyIDFromThumbprint(true)
          .generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot make an RSA key", e);
    }
  }
}
