package io.claviger.broker.issuance;

import io.claviger.schemas.bus.OpenResult;
import io.claviger.schemas.bus.RequestPriority;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Sinks;

/** What all who want the same session from here ask together, as urgently as any of them. */
final class OwnerRequest {
  final CompletableFuture<OpenResult> answer = new CompletableFuture<>();
  final Sinks.Empty<Void> joined = Sinks.empty();
  volatile RequestPriority priority;
  volatile boolean awaited;
  volatile long untilMillis;
  volatile SessionOwners.@Nullable Owner owner;

  /** It is opened here. */
  volatile boolean takenOver;

  OwnerRequest(OwnerRoute.Demand demand) {
    priority = demand.priority();
    awaited = demand.awaited();
    untilMillis = demand.untilMillis();
  }

  /** Somebody else wants it too. Not under the lock: whoever is woken goes on in this call. */
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
