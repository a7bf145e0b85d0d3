package io.claviger.config.lifecycle;

import java.security.Security;

/**
 * How long this JVM remembers what names have for addresses: those of a headless Service change
 * with each pod, and the JVM's own 30 s would hide new ones for longer than anything else does.
 */
public final class DnsCaching {

  private static final String FOUND_SECONDS = "5";

  /** A name without addresses has some as soon as the first pod starts. */
  private static final String NONE_SECONDS = "1";

  private DnsCaching() {}

  /** To be called before anything is looked up: the JVM reads it once. */
  public static void keepShort() {
    Security.setProperty("networkaddress.cache.ttl", FOUND_SECONDS);
    Security.setProperty("networkaddress.cache.negative.ttl", NONE_SECONDS);
  }
}
