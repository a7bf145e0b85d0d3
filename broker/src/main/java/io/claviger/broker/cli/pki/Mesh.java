package io.claviger.broker.cli.pki;

import io.claviger.broker.cli.pki.CertificateAuthority.Subject;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/**
 * The names of a mesh on Kubernetes.
 *
 * @param namespace the brokers' namespace
 * @param further additional names of the brokers, besides their Services
 */
record Mesh(String namespace, FurtherNames further) {

  /** The names of Secrets, ConfigMaps and the webhook in the manifests. */
  static final String BROKER_TLS = "claviger-broker-tls";

  static final String PEER_TLS = "claviger-peer-tls";
  static final String SEALING_KEYS = "claviger-sealing-keys";
  static final String AUTHORITY = "claviger-ca";
  static final String WEBHOOK_CLIENTS = "claviger-webhook-clients";
  static final String WEBHOOK_CONFIGURATION = "claviger-pod-identity";

  /** The webhooks of the configuration. A pod starts without an answer, except for "required". */
  static final List<String> WEBHOOKS =
      List.of(
          "pod-identity.claviger.io",
          "pod-identity-required.claviger.io",
          "pod-identity-always.claviger.io",
          "pod-identity-always-required.claviger.io");

  private static final String BROKERS = "claviger-broker";

  /** The Service by which edges resolve the addresses of all brokers. */
  private static final String BRIDGES = "claviger-bridge";

  private static final String PEERS = "claviger-peers";

  /** The certificate of the brokers for edges, API clients and API servers. */
  Subject broker() {
    return new Subject(
        BROKERS,
        Stream.concat(Stream.of(BROKERS, BRIDGES).flatMap(this::names), further.dns().stream())
            .toList(),
        List.copyOf(further.ips()),
        List.of(KeyPurposeId.id_kp_serverAuth));
  }

  private Stream<String> names(String service) {
    return Stream.of("", "." + namespace, domain(".svc"), domain(".svc.cluster.local"))
        .map(service::concat);
  }

  private String domain(String suffix) {
    return "." + namespace + suffix;
  }

  /** The client certificate of API servers for the webhook. */
  Subject apiServer() {
    return new Subject(
        "kube-apiserver",
        List.of("kube-apiserver"),
        List.of(),
        List.of(KeyPurposeId.id_kp_clientAuth));
  }

  /** The webhook's name in the kubeconfig of an API server. */
  String webhook() {
    return BROKERS + domain(".svc");
  }

  /** The certificate of the brokers for each other, as servers and as clients. */
  Subject peer() {
    String service = PEERS + "." + namespace + ".svc";
    return new Subject(
        PEERS,
        List.of(
            service, service + ".cluster.local", "*." + service, "*." + service + ".cluster.local"),
        List.of(),
        List.of(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth));
  }
}
