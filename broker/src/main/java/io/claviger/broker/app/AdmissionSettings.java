package io.claviger.broker.app;

import io.claviger.broker.app.BrokerSettings.KeyPair;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The admission webhook: what new pods of one cluster get. It is served when {@code tls} is set.
 */
interface AdmissionSettings {

  /** Address to listen on. */
  @WithDefault("127.0.0.1")
  String host();

  /** Port to listen on, TLS. */
  @WithDefault("7446")
  int port();

  /** The certificate that API servers see; the webhook's {@code caBundle} has to trust it. */
  Optional<KeyPair> tls();

  /**
   * Authorities that sign API servers' client certificates, PEM; who shows no such certificate is
   * not let in. Not set, whoever reaches the port may ask. Read again when the file changes.
   */
  Optional<Path> clientCa();

  /** Whose pods: the name of a registered cluster; may be left out where there is only one. */
  Optional<String> cluster();

  /** By which of the edges' addresses pods ask: {@code ipv4} or {@code ipv6}. */
  @WithDefault("ipv4")
  String ipFamily();

  /** {@code AWS_REGION} and {@code AWS_DEFAULT_REGION} of containers that have neither. */
  Optional<String> region();

  /**
   * Whether containers get {@code AWS_STS_REGIONAL_ENDPOINTS=regional}, as on EKS; SDKs of today
   * need not be told.
   */
  @WithDefault("false")
  boolean stsRegionalEndpoints();
}
