package io.claviger.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.claviger.localmesh.MeshException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Programs that misbehave. */
final class WorkerProcessIT {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(200);

  /** Sends no response. */
  static final class Silent {
    private Silent() {}

    public static void main(String[] args) {
      WorkerProgram.run(
          () -> {
            System.out.println("ready");
            System.in.transferTo(System.err);
          });
    }
  }

  /** Fails while another thread still runs, as event loops do. */
  static final class Failing {
    private Failing() {}

    public static void main(String[] args) {
      Thread.ofPlatform().daemon(false).start(Failing::waitWithoutEnd);
      WorkerProgram.run(
          () -> {
            throw new AssertionError("an unexpected failure");
          });
    }

    private static void waitWithoutEnd() {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Is busy for longer than any client waits. */
  static final class Busy {
    private Busy() {}

    public static void main(String[] args) {
      WorkerProgram.run(
          () -> {
            System.out.println("ready");
            new CountDownLatch(1).await();
          });
    }
  }

  /** Starts another process, prints its id, and ends without stopping it. */
  static final class Leaving {
    private Leaving() {}

    public static void main(String[] args) {
      WorkerProgram.run(
          () -> {
            var unused = WorkerProcess.start("the busy one", Busy.class, List.of());
            System.out.println("ready");
            System.out.println(ProcessHandle.current().children().findAny().orElseThrow().pid());
            System.in.transferTo(System.err);
          });
    }
  }

  @Test
  void oneThatIsBusyEndsWithWhoHasStartedIt() throws InterruptedException {
    ProcessHandle busy;
    try (WorkerProcess leaving = WorkerProcess.start("the leaving one", Leaving.class, List.of())) {
      busy = ProcessHandle.of(Long.parseLong(leaving.next(LONG))).orElseThrow();
      assertThat(busy.isAlive()).isTrue();
    }

    await().atMost(LONG).until(() -> !busy.isAlive());
  }

  @Test
  void oneThatDoesNotAnswerIsEnded() throws InterruptedException {
    try (WorkerProcess worker = WorkerProcess.start("the silent one", Silent.class, List.of())) {
      worker.ask("anything");

      assertThatThrownBy(() -> worker.next(SHORT))
          .isInstanceOf(MeshException.class)
          .hasMessageContaining("the silent one has printed nothing for 200 ms");
      assertThatThrownBy(() -> worker.next(Duration.ofMinutes(1)))
          .hasMessageContaining("the silent one has ended");
      assertThat(worker.isAlive()).isFalse();
    }
  }

  @Test
  void oneThatFailsEndsWhateverElseItHasRunning() {
    assertThatThrownBy(() -> WorkerProcess.start("the failing one", Failing.class, List.of()))
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("exit code 1")
        .hasMessageContaining("an unexpected failure");
  }
}
