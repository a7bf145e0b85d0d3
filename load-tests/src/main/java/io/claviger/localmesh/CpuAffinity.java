package io.claviger.localmesh;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Gives the mesh's processes processors of their own, with {@code taskset} (util-linux). */
public final class CpuAffinity {

  private static final String OF_THE_MESH = "0";

  private CpuAffinity() {}

  /**
   * Brokers and edges on the first processor; Kafka and this process, and what it starts from now
   * on, on the others.
   */
  public static void part(LocalMesh mesh) {
    int processors = Runtime.getRuntime().availableProcessors();
    if (processors < 2) {
      throw new MeshException("--apart needs two processors, and this machine has one");
    }
    String others = "1-" + (processors - 1);
    mesh.brokers().forEach(broker -> give(OF_THE_MESH, broker.member().pid()));
    mesh.edges().forEach(edge -> give(OF_THE_MESH, edge.member().pid()));
    give(others, mesh.kafka().pid());
    give(others, ProcessHandle.current().pid());
  }

  private static void give(String processors, long pid) {
    try {
      Process taskset =
          new ProcessBuilder("taskset", "-a", "-c", "-p", processors, "" + pid)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!taskset.waitFor(10, TimeUnit.SECONDS) || taskset.exitValue() != 0) {
        throw new MeshException("taskset cannot give process " + pid + " processor " + processors);
      }
    } catch (IOException e) {
      throw new MeshException("taskset (util-linux) cannot be started", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MeshException("interrupted while giving out processors", e);
    }
  }
}
