package io.claviger.localmesh;

import java.util.List;

/** What a mesh is started for, as far as the JVMs of its brokers and edges are concerned. */
public enum MeshPurpose {
  /** To serve, with the options that are shipped. */
  SERVING(AotCaches.READ, List.of()),

  /**
   * To be tried for some seconds, where brokers, edges and their clients share few cores: without
   * the compiler (C2) that only pays in a longer life, and takes the cores while it works for it.
   */
  TRYING(AotCaches.READ, List.of("-XX:TieredStopAtLevel=1")),

  /** To write the {@link AotCaches}, when it ends. */
  TRAINING(AotCaches.WRITTEN, List.of());

  private final AotCaches caches;
  private final List<String> jvmOptions;

  MeshPurpose(AotCaches caches, List<String> jvmOptions) {
    this.caches = caches;
    this.jvmOptions = jvmOptions;
  }

  /** For a quick look, or for a proof. */
  public static MeshPurpose of(boolean quick) {
    return quick ? TRYING : SERVING;
  }

  AotCaches caches() {
    return caches;
  }

  List<String> jvmOptions() {
    return jvmOptions;
  }
}
