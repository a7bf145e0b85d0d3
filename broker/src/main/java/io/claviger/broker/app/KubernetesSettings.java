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

  /**
   * Whether a token is good whose signature is right, but of which the API server has not said that
   * its pod is still there (TokenReview): {@code required}: no; {@code preferred}: while the API
   * server is away; {@code off}: yes, it is not asked.
   */
  @WithDefault("preferred")
  String tokenReview();

  /**
   * Reviews a second that a broker asks for at most; also of pods' nodes. For one node half of them
   * at once, and then a twentieth a second.
   */
  @WithDefault("500")
  int reviewsPerSecond();

  /**
   * Whether a token that names no node, as before Kubernetes 1.30, is taken from any edge of the
   * cluster while the API server cannot be asked where the pod runs.
   */
  @WithDefault("false")
  boolean allowPodsWithoutNode();

  /** Whether a pod that is refused credentials is told by an Event. */
  @WithDefault("true")
  boolean podEvents();

  /** Associations as Kubernetes objects of the cluster. */
  ObjectSettings objects();
}
