package io.claviger.edge.node;

import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A taint that nodes are born with, so that no pod starts where nobody would answer it: removed as
 * soon as this edge is ready, and never set again. Tried for as long as it takes.
 */
public final class StartupTaint {

  private static final Logger LOG = LoggerFactory.getLogger(StartupTaint.class);

  private final BooleanSupplier ready;
  private final Removal removal;
  private final Duration look;
  private final Duration again;

  /** Removes it from the node. */
  @FunctionalInterface
  public interface Removal {
    /**
     * One try; blocks.
     *
     * @return whether it was there
     * @throws IOException saying why it could not be removed
     */
    boolean remove() throws IOException, InterruptedException;
  }

  /**
   * Does nothing until {@link #start()}.
   *
   * @param ready whether pods would be answered; no I/O
   * @param look how often that is looked at
   * @param again how long after a failure it is tried again
   */
  public StartupTaint(BooleanSupplier ready, Removal removal, Duration look, Duration again) {
    this.ready = ready;
    this.removal = removal;
    this.look = look;
    this.again = again;
  }

  /** Starts to wait, on a thread that ends with the removal or by an interrupt. */
  public Thread start() {
    return Thread.ofVirtual().name("startup-taint").start(this::run);
  }

  private void run() {
    try {
      while (!ready.getAsBoolean()) {
        Thread.sleep(look);
      }
      boolean failed = false;
      while (!removed(failed)) {
        failed = true;
        Thread.sleep(again);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean removed(boolean failedBefore) throws InterruptedException {
    try {
      if (removal.remove()) {
        LOG.atInfo().log("startup taint removed");
      }
      return true;
    } catch (IOException | RuntimeException e) {
      (failedBefore ? LOG.atDebug() : LOG.atWarn())
          .addKeyValue("reason", e.toString())
          .log("the startup taint cannot be removed, trying on");
      return false;
    }
  }
}
