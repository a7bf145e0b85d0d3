package io.claviger.broker.adapter.oidc;

import io.claviger.broker.identity.KeySource;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** A JWK set over http or https. Answers other than 200 are failures, redirects too. */
public final class HttpKeySource implements KeySource {

  /** The maximum time of a fetch: three seconds. */
  public static final Duration DEADLINE = Duration.ofSeconds(3);

  /** A longer answer is a failure: 256 KiB. */
  public static final int MAX_BYTES = 256 * 1024;

  private final BoundedGet get;
  private final KeyServer server;

  /** Fetches the set that a server publishes. */
  public HttpKeySource(Vertx vertx, KeyServer server) {
    this(vertx, server, DEADLINE);
  }

  HttpKeySource(Vertx vertx, KeyServer server, Duration deadline) {
    this.get = new BoundedGet(vertx, deadline, MAX_BYTES);
    this.server = server;
  }

  @Override
  public CompletionStage<String> fetch() {
    return get.text(server).toCompletionStage();
  }
}
