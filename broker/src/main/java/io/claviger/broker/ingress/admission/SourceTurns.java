package io.claviger.broker.ingress.admission;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Turns for work of which little can be done at once: those that wait have them one source after
 * the other, so that who sends much waits for itself. Lives on one event loop.
 */
final class SourceTurns {

  private final int atOnce;
  private final Map<String, Deque<Runnable>> waiting = new LinkedHashMap<>();
  private int begun;

  /** Nobody works. */
  SourceTurns(int atOnce) {
    this.atOnce = atOnce;
  }

  /** Begins the work at once or when it is its turn; whoever ends it says so: {@link #ended()}. */
  void enter(String source, Runnable work) {
    waiting.computeIfAbsent(source, from -> new ArrayDeque<>()).add(work);
    begin();
  }

  /** One of those that have begun is over. */
  void ended() {
    begun--;
    begin();
  }

  private void begin() {
    while (begun < atOnce && !waiting.isEmpty()) {
      Iterator<Map.Entry<String, Deque<Runnable>>> sources = waiting.entrySet().iterator();
      Map.Entry<String, Deque<Runnable>> next = sources.next();
      String source = next.getKey();
      Deque<Runnable> itsWork = next.getValue();
      sources.remove();
      Runnable work = itsWork.remove();
      if (!itsWork.isEmpty()) {
        waiting.put(source, itsWork);
      }
      begun++;
      work.run();
    }
  }
}
