package io.claviger.launcher;

import io.claviger.localmesh.MeshException;
import java.io.PrintWriter;
import picocli.CommandLine.Option;

/**
 * Whether a command first makes the {@link AotCaches} of the mesh's programs. Later meshes reuse
 * them.
 */
final class AotOption {

  @Option(
      names = "--no-aot",
      description =
          "Do not make the ahead-of-time caches first (JDK 25 and newer; some three minutes, once).")
  private boolean without;

  /**
   * Makes missing caches. A failure is only reported: a mesh without caches works, and starts
   * slower.
   */
  void train(PrintWriter err) {
    if (without) {
      return;
    }
    try {
      AotTraining.trainIfNeeded(line -> err.println("claviger: " + line));
    } catch (MeshException e) {
      err.println("claviger: continuing without ahead-of-time caches: " + e.getMessage());
    }
  }
}
