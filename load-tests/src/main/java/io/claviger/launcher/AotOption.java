package io.claviger.launcher;

import io.claviger.localmesh.MeshException;
import java.io.PrintWriter;
import picocli.CommandLine.Option;

/** Whether a mesh's programs get their {@link AotCaches} first, which are made once and kept. */
final class AotOption {

  @Option(
      names = "--no-aot",
      description =
          "Do not make the ahead-of-time caches first (JDK 25 and newer; some three minutes, once).")
  private boolean without;

  /** Without caches everything works, and starts slower: that they cannot be made is told only. */
  void train(PrintWriter err) {
    if (without) {
      return;
    }
    try {
      AotTraining.trainIfNeeded(line -> err.println("claviger: " + line));
    } catch (MeshException e) {
      err.println("claviger: goes on without ahead-of-time caches: " + e.getMessage());
    }
  }
}
