package io.claviger.bench;

/** What a {@link WorkerProcess} runs. Its process ends with it, whatever comes of it. */
final class WorkerProgram {

  private WorkerProgram() {}

  /** What it does, until its input ends. */
  @FunctionalInterface
  interface Body {
    void run() throws Exception;
  }

  /**
   * Does so and ends the process: code 0, or 1 with the trace on standard error. Threads that still
   * run, such as event loops, are not waited for. Who has started it need not be there to end it.
   */
  @SuppressWarnings("CatchAndPrintStackTrace") // Who has started it reads it there.
  static void run(Body body) {
    ProcessHandle.current()
        .parent()
        .ifPresent(
            parent -> {
              var unused = parent.onExit().thenRun(() -> Runtime.getRuntime().halt(1));
            });
    int code = 1;
    try {
      body.run();
      code = 0;
    } catch (Throwable e) {
      e.printStackTrace();
    } finally {
      Runtime.getRuntime().halt(code);
    }
  }
}
