package io.claviger.mesh;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import io.claviger.mesh.scenario.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Makes the {@link AotCaches}: a small mesh does once what every mesh does, and ends. */
public final class AotTraining {

  private static final int FETCHES = 50;
  private static final Duration PAUSE = Duration.ofMillis(500);

  private AotTraining() {}

  /**
   * Makes what caches are missing or older than their programs. Does nothing on a JDK without. One
   * process at a time: others wait, and find them made.
   *
   * @throws MeshException when the mesh fails
   */
  public static synchronized void trainIfNeeded(Consumer<String> progress) {
    ProjectLayout layout = ProjectLayout.find();
    if (!AotCaches.areSupported() || AotCaches.areFresh(layout)) {
      return;
    }
    Path lock = layout.jar("load-tests").resolveSibling("aot.lock");
    try (FileChannel channel = FileChannel.open(lock, CREATE, WRITE)) {
      // Held until the channel is closed.
      var unused = channel.lock();
      if (!AotCaches.areFresh(layout)) {
        AotCaches.discardUnfinished(layout);
        try {
          train(Files.createTempDirectory("claviger-aot"), progress);
          AotCaches.publish(layout);
        } finally {
          AotCaches.discardUnfinished(layout);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MeshException("interrupted while training", e);
    }
  }

  private static void train(Path directory, Consumer<String> progress) throws InterruptedException {
    MeshOptions options =
        MeshOptions.in(directory).withMembers(1, 1).withPurpose(MeshPurpose.TRAINING);
    try (LocalMesh mesh = LocalMesh.start(options, progress)) {
      mesh.apply(ExampleSeeds.write(mesh));
      EdgeMember edge = mesh.edge(1);
      Path token =
          mesh.keepToken("pod", TokenRequest.ofPod("shop", "checkout", "checkout-0", edge.node()));
      for (int i = 0; i < FETCHES; i++) {
        fetchOnceItWorks(mesh, new Pod(edge.credentials(), token));
      }
      progress.accept("the programs write their caches as they end");
      mesh.end();
    }
  }

  /** On a slow machine the first are not answered in the time that an SDK has. */
  private static void fetchOnceItWorks(LocalMesh mesh, Pod pod) throws InterruptedException {
    StallDetector stall = mesh.stallDetector();
    while (true) {
      try {
        new OneFetch(mesh).assumedRole(pod);
        return;
      } catch (MeshException e) {
        if (stall.isStalled()) {
          throw e;
        }
        TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
      }
    }
  }
}
