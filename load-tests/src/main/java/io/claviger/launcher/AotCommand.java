package io.claviger.launcher;

import io.claviger.localmesh.AotCaches;
import io.claviger.localmesh.MeshException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code claviger aot}: halves the start-up time of later meshes by making the programs' caches. If
 * a program runs on another Java runtime than this one, the system property {@code
 * claviger.java.broker} or {@code claviger.java.node-edge} names it.
 */
@Command(
    name = "aot",
    description =
        "Makes the ahead-of-time caches of the programs (JDK 25 and newer). Later meshes start"
            + " sooner.",
    mixinStandardHelpOptions = true)
final class AotCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    if (!AotCaches.areSupported()) {
      throw new MeshException("ahead-of-time caches need JDK 25 or newer");
    }
    PrintWriter err = spec.commandLine().getErr();
    AotTraining.trainIfNeeded(line -> err.println("claviger: " + line));
    return 0;
  }
}
