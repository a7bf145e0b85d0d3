package io.claviger.broker.app;

import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;

/** How the broker asks a cluster's API server: as a service account of that cluster. */
interface KubernetesSettings {

  /** Where the API server is; the default is that of the cluster that the broker runs in. */
  @WithDefault("https://kubernetes.default.svc")
  URI url();

  /** The service account's token; read again when it changes. */
  @WithDefault("/var/run/secrets/kubernetes.io/serviceaccount/token")
  Path tokenFile();

  /** Authorities that sign the API server's certificate, PEM. */
  @WithDefault("/var/run/secrets/kubernetes.io/serviceaccount/ca.crt")
  Path ca();
}
