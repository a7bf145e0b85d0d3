package io.claviger.localmesh;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Signals that Java has no method for, sent with {@code kill}. */
final class Signals {

  private Signals() {}

  /** Sends a signal to one process. */
  static void send(String signal, long pid) {
    try {
      Process kill =
          new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
        throw new MeshException("cannot send SIG" + signal + " to process " + pid);
      }
    } catch (IOException e) {
      throw new MeshException("cannot send SIG" + signal + " to process " + pid, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MeshException("interrupted while sending SIG" + signal + " to process " + pid, e);
    }
  }
}
