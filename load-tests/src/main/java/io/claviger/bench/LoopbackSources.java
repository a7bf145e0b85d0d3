package io.claviger.bench;

import io.netty.bootstrap.Bootstrap;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.spi.transport.Transport;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gives every connection a source address of its own, as nodes have, because brokers count
 * unauthenticated connections by address. On Linux all of 127.0.0.0/8 is loopback; elsewhere all
 * connections have one address. Thread-safe.
 */
final class LoopbackSources extends NioTransport {

  private static final boolean LINUX = System.getProperty("os.name").equals("Linux");

  /** Values in each of the last two bytes of an address. */
  private static final int ADDRESSES = 250;

  /** Shared by all instances, so that no two connections have the same address. */
  private static final AtomicInteger CONNECTIONS = new AtomicInteger();

  /** A Vert.x with one event loop, as an edge has for brokers, and these source addresses. */
  static Vertx vertx() {
    LoopbackSources sources = new LoopbackSources();
    return Vertx.builder()
        .with(new VertxOptions().setEventLoopPoolSize(1))
        .withTransport(
            new io.vertx.core.transport.Transport() {
              @Override
              public String name() {
                return "loopback-sources";
              }

              @Override
              public boolean available() {
                return true;
              }

              @Override
              public Throwable unavailabilityCause() {
                throw new IllegalStateException("it is available");
              }

              @Override
              public Transport implementation() {
                return sources;
              }
            })
        .build();
  }

  @Override
  public void configure(
      ClientOptionsBase options, int timeout, boolean domainSocket, Bootstrap bootstrap) {
    super.configure(options, timeout, domainSocket, bootstrap);
    if (LINUX) {
      int number = CONNECTIONS.getAndIncrement();
      bootstrap.localAddress(
          "127.2." + number / ADDRESSES % ADDRESSES + "." + (1 + number % ADDRESSES), 0);
    }
  }
}
