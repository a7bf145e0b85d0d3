package io.claviger.broker.issuance;

import io.claviger.schemas.bus.Lane;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Sinks;

/** What all who want the same session from here ask together, as urgently as any of them. */
final class OwnerQuestion {
  final CompletableFuture<Opening> answer = new CompletableFuture<>();
  final Sinks.Empty<Void> hurried = Sinks.empty();
  volatile Lane lane;
  volatile boolean awaited;
  volatile long untilMillis;
  volatile SessionOwners.@Nullable Owner owner;

  /** It is opened here. */
  volatile boolean takenOver;

  OwnerQuestion(OwnerRoute.Urgency urgency) {
    lane = urgency.lane();
    awaited = urgency.awaited();
    untilMillis = urgency.untilMillis();
  }

  /** Somebody else wants it too. Not under the lock: whoever is woken goes on in this call. */
  void hurry(OwnerRoute.Urgency urgency) {
    raise(urgency);
    if (urgency.awaited()) {
      hurried.tryEmitEmpty();
    }
  }

  private synchronized void raise(OwnerRoute.Urgency urgency) {
    lane = urgency.lane().compareTo(lane) < 0 ? urgency.lane() : lane;
    awaited |= urgency.awaited();
    untilMillis = Math.max(untilMillis, urgency.untilMillis());
  }
}
