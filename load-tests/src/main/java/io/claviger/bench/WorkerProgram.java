package io.claviger.bench;

/** The program of a {@link WorkerProcess}. Its process always ends with it. */
final class WorkerProgram {

  private WorkerProgram() {}

  /** The work, which lasts until the input ends. */
  @FunctionalInterface
  interface Body {
    void run() throws Exception;
  }

  /**
   * Runs the work and ends the process: code 0, or 1 with the stack trace on standard error. It
   * does not wait for other threads, such as event loops. So the process ends even if its parent is
   * gone.
   */
  @SuppressWarnings("CatchAndPrintStackTrace") // The parent process reads it from there.
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
