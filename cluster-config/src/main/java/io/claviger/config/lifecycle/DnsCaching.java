package io.claviger.config.lifecycle;

import java.security.Security;

/**
 * How long this JVM caches addresses of names. The addresses of a headless Service change with each
 * pod. The JVM's default of 30 s would hide new ones for longer than any other delay.
 */
public final class DnsCaching {

  private static final String FOUND_SECONDS = "5";

  /** A name without addresses gets some as soon as the first pod starts. */
  private static final String NONE_SECONDS = "1";

  private DnsCaching() {}

  /** Call it before the first lookup: the JVM reads the properties once. */
  public static void keepShort() {
    Security.setProperty("networkaddress.cache.ttl", FOUND_SECONDS);
    Security.setProperty("networkaddress.cache.negative.ttl", NONE_SECONDS);
  }
}
