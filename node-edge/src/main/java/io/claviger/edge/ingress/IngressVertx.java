package io.claviger.edge.ingress;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.transport.Transport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Vert.x that an edge runs on. It uses the native transport if available, so that a new process
 * can listen beside the old one (SO_REUSEPORT). Its listeners can be closed separately from their
 * connections.
 */
public final class IngressVertx {

  /** How many event loops answer pods and share each address. */
  static final int EVENT_LOOPS = 2;

  private static final Logger LOG = LoggerFactory.getLogger(IngressVertx.class);

  private final Vertx vertx;
  private final ListenerTransport listeners;
  private final boolean shared;

  private IngressVertx(Vertx vertx, ListenerTransport listeners, boolean shared) {
    this.vertx = vertx;
    this.listeners = listeners;
    this.shared = shared;
  }

  /**
   * Starts it.
   *
   * @param connections of pods that are accepted at once, if the transport is native
   */
  public static IngressVertx start(int connections) {
    Transport base = transport();
    boolean usable = base != Transport.NIO;
    ListenerTransport listeners =
        new ListenerTransport(base.implementation(), usable, new AcceptGate(connections));
    return new IngressVertx(build(EVENT_LOOPS, new Kept(base, listeners)), listeners, usable);
  }

  /** Starts another one with one event loop, for work that pods' requests must not delay. */
  public static Vertx startUpstream() {
    return build(1, transport());
  }

  private static Transport transport() {
    Transport epoll = Transport.EPOLL;
    if (epoll != null && epoll.available()) {
      return epoll;
    }
    LOG.atWarn()
        .addKeyValue("reason", epoll == null ? "not on the class path" : cause(epoll))
        .log("no native transport: another edge cannot listen beside this one");
    return Transport.NIO;
  }

  private static Vertx build(int eventLoops, Transport transport) {
    return Vertx.builder()
        .with(
            new VertxOptions()
                .setEventLoopPoolSize(eventLoops)
                .setWorkerPoolSize(2)
                .setInternalBlockingPoolSize(2)
                .setFileSystemOptions(
                    // The container's file system is read-only.
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)))
        .withTransport(transport)
        .build();
  }

  private static String cause(Transport transport) {
    return String.valueOf(transport.unavailabilityCause());
  }

  /** Returns the Vert.x. */
  public Vertx vertx() {
    return vertx;
  }

  /** Whether listeners can share their port with other processes. */
  boolean sharesPorts() {
    return shared;
  }

  /** Closes all listeners and keeps their connections. */
  void closeListeners() {
    listeners.closeListeners();
  }

  private record Kept(Transport base, ListenerTransport implementation) implements Transport {
    @Override
    public String name() {
      return base.name();
    }

    @Override
    public boolean available() {
      return base.available();
    }

    @Override
    public Throwable unavailabilityCause() {
      return base.unavailabilityCause();
    }
  }
}
