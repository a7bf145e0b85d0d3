package io.claviger.broker.ingress.admission;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A queue with bounded concurrency. Sources take turns, so that a busy source delays only itself.
 * Lives on one event loop.
 */
final class SourceTurns {

  private final int atOnce;
  private final Map<String, Deque<Runnable>> waiting = new LinkedHashMap<>();
  private int begun;

  /** Creates an idle queue. */
  SourceTurns(int atOnce) {
    this.atOnce = atOnce;
  }

  /** Runs the work now or in its turn. When the work is done, it must call {@link #ended()}. */
  void enter(String source, Runnable work) {
    waiting.computeIfAbsent(source, from -> new ArrayDeque<>()).add(work);
    begin();
  }

  /** Ends one work item and starts the next. */
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
