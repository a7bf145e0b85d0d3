package io.claviger.config.trust;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Service-account tokens that a warm-up verifies. Their private keys were thrown away, their public
 * keys are in no cluster's key set, and their issuer is a reserved name (RFC 2606), so nothing but
 * {@link #keys()} accepts them.
 */
public final class WarmUpTokens {

  public static final String CLUSTER = "warm-up";
  public static final String ISSUER = "https://warm-up.invalid";
  public static final String AUDIENCE = "pods.eks.amazonaws.com";
  public static final String NODE = "warm-up";

  /** When they were issued. They expire a hundred years later, so verify them at this time. */
  public static final Instant ISSUED = Instant.parse("2026-01-01T00:00:00Z");

  private WarmUpTokens() {}

  /** Returns a token signed by an RSA key. */
  public static String rs256() {
    return resource("rs256.jwt").strip();
  }

  /** Returns a token signed by an EC key on the curve P-256. */
  public static String es256() {
    return resource("es256.jwt").strip();
  }

  /** Returns the public keys: a JWK set (RFC 7517) as JSON text. */
  public static String keys() {
    return resource("keys.json");
  }

  private static String resource(String name) {
    try (InputStream in = WarmUpTokens.class.getResourceAsStream("warm-up/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the program has no resource warm-up/" + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
