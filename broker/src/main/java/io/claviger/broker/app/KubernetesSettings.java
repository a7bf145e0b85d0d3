package io.claviger.broker.app;

import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;

/** How the broker uses a cluster's API server: as a service account of that cluster. */
interface KubernetesSettings {

  /** The URL of the API server; the default is that of the broker's own cluster. */
  @WithDefault("https://kubernetes.default.svc")
  URI url();

  /** The service account's token; read again when it changes. */
  @WithDefault("/var/run/secrets/kubernetes.io/serviceaccount/token")
  Path tokenFile();

  /** Authorities that sign the API server's certificate, PEM. */
  @WithDefault("/var/run/secrets/kubernetes.io/serviceaccount/ca.crt")
  Path ca();

  /**
   * Whether a correctly signed token also needs the API server's confirmation (TokenReview) that
   * its pod still exists. {@code required}: always. {@code preferred}: except while the API server
   * is unavailable. {@code off}: no review is requested.
   */
  @WithDefault("preferred")
  String tokenReview();

  /**
   * The maximum number of reviews per second that a broker requests, including requests for pods'
   * nodes. One node may use half of them at once, and then a twentieth per second.
   */
  @WithDefault("500")
  int reviewsPerSecond();

  /**
   * Whether a token without a node, as before Kubernetes 1.30, is accepted from any edge of the
   * cluster while the API server cannot report the pod's node.
   */
  @WithDefault("false")
  boolean allowPodsWithoutNode();

  /** Whether the broker writes an Event on a pod that is refused credentials. */
  @WithDefault("true")
  boolean podEvents();

  /** Associations as Kubernetes objects of the cluster. */
  ObjectSettings objects();
}
