package io.claviger.broker.issuance;

import io.claviger.schemas.bus.OpenResult;
import io.claviger.schemas.bus.RequestPriority;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Sinks;

/**
 * The one request that this broker sends for a session on behalf of all its waiting requests, at
 * the highest priority among them.
 */
final class OwnerRequest {
  final CompletableFuture<OpenResult> answer = new CompletableFuture<>();
  final Sinks.Empty<Void> joined = Sinks.empty();
  volatile RequestPriority priority;
  volatile boolean awaited;
  volatile long untilMillis;
  volatile SessionOwners.@Nullable Owner owner;

  /** This broker opens the session itself. */
  volatile boolean takenOver;

  OwnerRequest(OwnerRoute.Demand demand) {
    priority = demand.priority();
    awaited = demand.awaited();
    untilMillis = demand.untilMillis();
  }

  /**
   * Joins another request for the session. Emits outside the lock, because the subscriber continues
   * within this call.
   */
  void join(OwnerRoute.Demand demand) {
    raise(demand);
    if (demand.awaited()) {
      joined.tryEmitEmpty();
    }
  }

  private synchronized void raise(OwnerRoute.Demand demand) {
    priority = demand.priority().compareTo(priority) < 0 ? demand.priority() : priority;
    awaited |= demand.awaited();
    untilMillis = Math.max(untilMillis, demand.untilMillis());
  }
}
