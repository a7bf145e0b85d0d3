package io.claviger.launcher;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import io.claviger.bench.Accounts;
import io.claviger.bench.LoadGenerator;
import io.claviger.bench.LoadShape;
import io.claviger.localmesh.AotCaches;
import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.MeshException;
import io.claviger.localmesh.MeshOptions;
import io.claviger.localmesh.MeshPurpose;
import io.claviger.localmesh.ProjectLayout;
import io.claviger.localmesh.StallDetector;
import io.claviger.localmesh.TokenRequest;
import io.claviger.scenario.PodEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Makes the {@link AotCaches}. A training mesh serves the first pods of many service accounts,
 * which has to be fast on a cold machine. It then serves the same pods again, and ends.
 */
public final class AotTraining {

  /** Enough for the profile to show what brokers and edges run under load. */
  private static final int PODS = 1_500;

  private static final int ACCOUNTS = 500;
  private static final int RATE = 25;
  private static final int RATE_AGAIN = 100;
  private static final Duration PAUSE = Duration.ofMillis(500);

  private AotTraining() {}

  /**
   * Makes the caches that are missing or older than their programs. Does nothing on a JDK that has
   * no such caches. One process trains at a time; others wait and then find the caches.
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
      // The lock lasts until the channel is closed.
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
    progress.accept("making ahead-of-time caches, once for this build: some three minutes");
    MeshOptions options =
        MeshOptions.in(directory).withMembers(2, 2).withPurpose(MeshPurpose.TRAINING);
    // The training mesh's progress lines are not shown; a failure is in the exception.
    try (LocalMesh mesh = LocalMesh.start(options, line -> {})) {
      mesh.apply(ExampleAssociations.write(mesh));
      EdgeMember edge = mesh.edge(1);
      Path token =
          mesh.keepToken("pod", TokenRequest.ofPod("shop", "checkout", "checkout-0", edge.node()));
      fetchOnceItWorks(mesh, new PodEnvironment(edge.credentials(), token));
      Accounts accounts = new Accounts(mesh);
      accounts.associate("training", ACCOUNTS);
      Path plan = accounts.onePodEach("training", ACCOUNTS, "training", PODS);
      try (LoadGenerator pods = LoadGenerator.start()) {
        pods.run(plan, LoadShape.onNewConnections(RATE, PODS));
        pods.run(plan, LoadShape.onNewConnections(RATE_AGAIN, PODS));
      }
      progress.accept("the programs write their caches and end");
      mesh.end();
    }
  }

  /** Retries: on a slow machine the first fetches exceed the SDK's timeouts. */
  private static void fetchOnceItWorks(LocalMesh mesh, PodEnvironment pod)
      throws InterruptedException {
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
