package io.claviger.broker.app;

import io.claviger.config.cluster.SealingKeys;
import io.claviger.config.settings.SettingsException;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the sealing keys equal to their files, so that a rotation needs no restart. */
final class SealingKeyFiles {

  private static final Logger LOG = LoggerFactory.getLogger(SealingKeyFiles.class);
  private static final long EVERY_MILLIS = 10_000;

  private final SealingKeys keys;
  private String lastProblem = "";

  SealingKeyFiles(Vertx vertx, SealingKeys keys) {
    this.keys = keys;
    vertx.setPeriodic(EVERY_MILLIS, timer -> vertx.executeBlocking(this::reload));
  }

  SealingKeys keys() {
    return keys;
  }

  private boolean reload() {
    try {
      keys.reload();
      lastProblem = "";
      return true;
    } catch (SettingsException e) {
      String problem = String.valueOf(e.getMessage());
      if (!problem.equals(lastProblem)) {
        lastProblem = problem;
        LOG.atWarn()
            .addKeyValue("cause", problem)
            .log("sealing keys cannot be read again; the previous keys stay in use");
      }
      return false;
    }
  }
}
