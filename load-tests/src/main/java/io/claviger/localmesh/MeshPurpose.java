package io.claviger.localmesh;

import java.util.List;

/** The purpose of a mesh; it decides the JVM options of brokers and edges. */
public enum MeshPurpose {
  /** Normal service, with the options that are shipped. */
  SERVING(AotCaches.READ, List.of()),

  /**
   * A run of some seconds, in which brokers, edges and clients share few cores. It disables the C2
   * compiler, which pays only in a longer run and takes processor time from the others.
   */
  TRYING(AotCaches.READ, List.of("-XX:TieredStopAtLevel=1")),

  /** Recording of the {@link AotCaches}, which are written when the mesh ends. */
  TRAINING(AotCaches.WRITTEN, List.of());

  private final AotCaches caches;
  private final List<String> jvmOptions;

  MeshPurpose(AotCaches caches, List<String> jvmOptions) {
    this.caches = caches;
    this.jvmOptions = jvmOptions;
  }

  /** Returns the purpose of a quick run or of a full one. */
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
