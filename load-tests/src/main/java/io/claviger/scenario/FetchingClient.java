package io.claviger.scenario;

/** An AWS SDK that asks for a pod's credentials, by its own rules. Thread-safe. */
@FunctionalInterface
public interface FetchingClient {

  /** Asks once and waits; the SDK's own retries and timeouts are inside. Nothing is cached. */
  Fetch fetch(PodEnvironment pod) throws InterruptedException;
}
