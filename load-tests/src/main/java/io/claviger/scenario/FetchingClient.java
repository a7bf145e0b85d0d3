package io.claviger.scenario;

/** An AWS SDK that fetches a pod's credentials by its own rules. Thread-safe. */
@FunctionalInterface
public interface FetchingClient {

  /** Fetches once and blocks, including the SDK's own retries and timeouts. Caches nothing. */
  Fetch fetch(PodEnvironment pod) throws InterruptedException;
}
