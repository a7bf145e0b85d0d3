package io.claviger.broker.audit;

import io.claviger.schemas.event.CredentialEvent;

/** Records events off the request path. */
@FunctionalInterface
public interface AuditLog {

  /**
   * Records an event. Returns at once, never throws; an event that does not fit is dropped and
   * counted.
   */
  void record(CredentialEvent event);
}
