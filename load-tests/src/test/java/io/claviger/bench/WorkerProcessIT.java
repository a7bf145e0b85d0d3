package io.claviger.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.localmesh.MeshException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Programs that do not do what they should. */
final class WorkerProcessIT {

  private static final Duration SHORT = Duration.ofMillis(200);

  /** Answers nothing. */
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

  /** Has a thread that would run on, as event loops do. */
  static final class Failing {
    private Failing() {}

    public static void main(String[] args) {
      Thread.ofPlatform().daemon(false).start(Failing::waitWithoutEnd);
      WorkerProgram.run(
          () -> {
            throw new AssertionError("nobody foresaw this");
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

  @Test
  void oneThatDoesNotAnswerIsEnded() throws InterruptedException {
    try (WorkerProcess worker = WorkerProcess.start("the silent one", Silent.class, List.of())) {
      worker.ask("anything");

      assertThatThrownBy(() -> worker.next(SHORT))
          .isInstanceOf(MeshException.class)
          .hasMessageContaining("the silent one has said nothing for 200 ms");
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
        .hasMessageContaining("nobody foresaw this");
  }
}
