package io.claviger.config.lifecycle;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/** Whether this process can serve: every named condition must hold. Thread-safe. */
public final class Readiness {

  private final Map<String, BooleanSupplier> conditions = new ConcurrentHashMap<>();

  /** Adds or replaces a condition, which must not block. */
  public void require(String name, BooleanSupplier condition) {
    conditions.put(name, condition);
  }

  /** Returns the names of the conditions that do not hold now, sorted; empty if ready. */
  public List<String> missing() {
    return conditions.entrySet().stream()
        .filter(entry -> !entry.getValue().getAsBoolean())
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }
}
