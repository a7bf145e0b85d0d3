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
 * Replaces what a broker's end of the event bus shows, and whose certificates it takes. Vert.x
 * gives the bus's server and client to nobody, so they are taken out of its fields: an upgrade has
 * to see that {@code BusCertificatesIT} is green. Thread-safe.
 */
public final class BusCertificates {

  private static final Set<String> PROTOCOLS = Set.of("TLSv1.3");

  private final NetServer server;
  private final NetClient client;

  /**
   * Of a bus that has started.
   *
   * @throws IllegalStateException when Vert.x has other fields than it had
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
      throw new IllegalStateException("not the event bus of Vert.x that is known here", e);
    }
  }

  /**
   * New connections show this and take what these authorities have signed; those that are there
   * stay. Fails when one cannot be used, and those before stay.
   *
   * @param options of both ends: a broker shows the same wherever it connects
   */
  public Future<Boolean> use(ServerSSLOptions options) {
    options.setEnabledSecureTransportProtocols(PROTOCOLS);
    ClientSSLOptions toOthers =
        new ClientSSLOptions()
            .setKeyCertOptions(options.getKeyCertOptions())
            .setTrustOptions(options.getTrustOptions())
            // As Vert.x has it for the bus: it compares no host names there.
            .setHostnameVerificationAlgorithm("")
            .setEnabledSecureTransportProtocols(PROTOCOLS);
    return server.updateSSLOptions(options).compose(updated -> client.updateSSLOptions(toOthers));
  }
}
