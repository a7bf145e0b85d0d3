package io.claviger.broker.cli.pki;

import io.claviger.broker.cli.pki.Authority.Subject;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/**
 * Who is who in a mesh on Kubernetes.
 *
 * @param namespace of the brokers
 */
record Mesh(String namespace) {

  /** Secrets, ConfigMaps and the webhook, as the manifests name them. */
  static final String BROKER_TLS = "claviger-broker-tls";

  static final String PEER_TLS = "claviger-peer-tls";
  static final String SEALING_KEYS = "claviger-sealing-keys";
  static final String AUTHORITY = "claviger-ca";
  static final String WEBHOOK_CONFIGURATION = "claviger-pod-identity";
  static final String WEBHOOK = "pod-identity.claviger.io";

  private static final String BROKERS = "claviger-broker";
  private static final String PEERS = "claviger-peers";

  /** What edges, clients of the API and the API server come to. */
  Subject broker() {
    return new Subject(
        BROKERS,
        List.of(
            BROKERS,
            BROKERS + "." + namespace,
            BROKERS + "." + namespace + ".svc",
            BROKERS + "." + namespace + ".svc.cluster.local"),
        List.of(KeyPurposeId.id_kp_serverAuth));
  }

  /** What brokers show each other, both ways. */
  Subject peer() {
    String service = PEERS + "." + namespace + ".svc";
    return new Subject(
        PEERS,
        List.of(
            service, service + ".cluster.local", "*." + service, "*." + service + ".cluster.local"),
        List.of(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth));
  }
}
