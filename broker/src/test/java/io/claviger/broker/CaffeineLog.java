package io.claviger.broker;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What Caffeine logs while this is open: by way of the JDK, on the thread that brings a result. */
public final class CaffeineLog extends Handler implements AutoCloseable {

  private static final Logger CAFFEINE = Logger.getLogger("com.github.benmanes.caffeine");

  private final List<String> messages = new CopyOnWriteArrayList<>();

  public CaffeineLog() {
    CAFFEINE.addHandler(this);
  }

  public List<String> messages() {
    return messages;
  }

  @Override
  public void publish(LogRecord said) {
    messages.add(said.getMessage());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    CAFFEINE.removeHandler(this);
  }
}
