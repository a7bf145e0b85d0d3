package io.claviger.broker.app;

import io.claviger.broker.app.BrokerSettings.KeyPair;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The admission webhook: the settings that new pods of one cluster receive. It is served if {@code
 * tls} is set.
 */
interface AdmissionSettings {

  /** Address to listen on. */
  @WithDefault("127.0.0.1")
  String host();

  /** Port to listen on, TLS. */
  @WithDefault("7446")
  int port();

  /** The certificate that API servers see; the webhook's {@code caBundle} must trust it. */
  Optional<KeyPair> tls();

  /**
   * Authorities that sign API servers' client certificates, PEM. Clients without such a certificate
   * are rejected. If it is not set, any client that reaches the port may send reviews. Read again
   * when the file changes.
   */
  Optional<Path> clientCa();

  /**
   * The cluster of the pods: the name of a registered cluster. Not needed if only one is
   * registered.
   */
  Optional<String> cluster();

  /** The address family of the edge that pods use: {@code ipv4} or {@code ipv6}. */
  @WithDefault("ipv4")
  String ipFamily();

  /** {@code AWS_REGION} and {@code AWS_DEFAULT_REGION} of containers that have neither. */
  Optional<String> region();

  /**
   * Whether containers get {@code AWS_STS_REGIONAL_ENDPOINTS=regional}, as on EKS; current SDKs do
   * not need it.
   */
  @WithDefault("false")
  boolean stsRegionalEndpoints();
}
