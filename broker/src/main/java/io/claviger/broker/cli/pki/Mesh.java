package io.claviger.broker.cli.pki;

import io.claviger.broker.cli.pki.CertificateAuthority.Subject;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/**
 * Who is who in a mesh on Kubernetes.
 *
 * @param namespace of the brokers
 * @param further names of the brokers besides those of their Services
 */
record Mesh(String namespace, FurtherNames further) {

  /** Secrets, ConfigMaps and the webhook, as the manifests name them. */
  static final String BROKER_TLS = "claviger-broker-tls";

  static final String PEER_TLS = "claviger-peer-tls";
  static final String SEALING_KEYS = "claviger-sealing-keys";
  static final String AUTHORITY = "claviger-ca";
  static final String WEBHOOK_CLIENTS = "claviger-webhook-clients";
  static final String WEBHOOK_CONFIGURATION = "claviger-pod-identity";

  /** Of that configuration: pods start without an answer, or do not; the same twice. */
  static final List<String> WEBHOOKS =
      List.of(
          "pod-identity.claviger.io",
          "pod-identity-required.claviger.io",
          "pod-identity-always.claviger.io",
          "pod-identity-always-required.claviger.io");

  private static final String BROKERS = "claviger-broker";

  /** Edges ask for the addresses of all brokers by it. */
  private static final String BRIDGES = "claviger-bridge";

  private static final String PEERS = "claviger-peers";

  /** What edges, clients of the API and the API server come to. */
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

  /** What API servers show the webhook. */
  Subject apiServer() {
    return new Subject(
        "kube-apiserver",
        List.of("kube-apiserver"),
        List.of(),
        List.of(KeyPurposeId.id_kp_clientAuth));
  }

  /** By which a kubeconfig of an API server names the webhook. */
  String webhook() {
    return BROKERS + domain(".svc");
  }

  /** What brokers show each other, both ways. */
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
