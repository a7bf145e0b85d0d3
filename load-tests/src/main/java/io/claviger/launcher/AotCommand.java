package io.claviger.launcher;

import io.claviger.localmesh.AotCaches;
import io.claviger.localmesh.MeshException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code claviger aot}: has the programs of later meshes start in less than half of the time. The
 * system property {@code claviger.java.broker} or {@code claviger.java.node-edge} names the Java
 * runtime of that program where it is not this one.
 */
@Command(
    name = "aot",
    description =
        "Makes the ahead-of-time caches of the programs (JDK 25 and newer); later meshes start"
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
