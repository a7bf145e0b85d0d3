package io.claviger.broker;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Captures Caffeine's log messages, which use the JDK's logger on the completing thread. */
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
