package io.claviger.config.cluster;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.ServerSSLOptions;
import java.lang.reflect.Field;
import java.util.Set;

/**
 * Replaces the certificate and the trusted authorities of a broker's end of the event bus. Vert.x
 * does not expose the bus's server and client, so they are read from its private fields. After an
 * upgrade of Vert.x, {@code BusCertificatesIT} must pass. Thread-safe.
 */
public final class BusCertificates {

  private static final Set<String> PROTOCOLS = Set.of("TLSv1.3");

  private final NetServer server;
  private final NetClient client;

  /**
   * Wraps a bus that has started.
   *
   * @throws IllegalStateException if the fields of Vert.x have changed
   */
  BusCertificates(EventBus bus) {
    server = field(bus, "server", NetServer.class);
    client = field(bus, "client", NetClient.class);
  }

  private static <T> T field(EventBus bus, String name, Class<T> type) {
    try {
      Field field = bus.getClass().getDeclaredField(name);
      field.setAccessible(true);
      return type.cast(field.get(bus));
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw new IllegalStateException("the event bus of this Vert.x has other fields", e);
    }
  }

  /**
   * Sets the certificate and the authorities for new connections; open connections stay. If one of
   * them cannot be used, it fails and the previous ones stay.
   *
   * @param options of both ends: a broker presents the same certificate to every peer
   */
  public Future<Boolean> use(ServerSSLOptions options) {
    options.setEnabledSecureTransportProtocols(PROTOCOLS);
    ClientSSLOptions toOthers =
        new ClientSSLOptions()
            .setKeyCertOptions(options.getKeyCertOptions())
            .setTrustOptions(options.getTrustOptions())
            // As Vert.x does for the bus: it does not compare host names there.
            .setHostnameVerificationAlgorithm("")
            .setEnabledSecureTransportProtocols(PROTOCOLS);
    return server.updateSSLOptions(options).compose(updated -> client.updateSSLOptions(toOthers));
  }
}
