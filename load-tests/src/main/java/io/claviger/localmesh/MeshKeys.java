package io.claviger.localmesh;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All keys of a mesh. They are rotated as an operator does it: in files that brokers and edges read
 * again.
 */
public final class MeshKeys {

  private static final String SEALING_KEY = "local-";

  private final MeshDirectory directory;
  private final LocalIssuer issuer;
  private final LocalCertificateAuthority authority;
  private final SecureRandom random = new SecureRandom();
  private final AtomicInteger sealingKeys = new AtomicInteger(1);

  MeshKeys(MeshDirectory directory, ClusterFacts cluster) {
    this.directory = directory;
    this.issuer = LocalIssuer.create(directory.issuer(), cluster.issuer(), Clock.systemUTC());
    this.authority = LocalCertificateAuthority.create(directory.tls(), Clock.systemUTC());
    SealingKeyDirectory.create(directory.sealingKeys(), SEALING_KEY + sealingKeys, random);
  }

  /** The issuer of the pods' tokens. */
  LocalIssuer issuer() {
    return issuer;
  }

  LocalCertificateAuthority authority() {
    return authority;
  }

  /** The authority that signs all brokers' certificates, a PEM file. */
  public Path authorities() {
    return authority.certificate();
  }

  /** Replaces a broker's certificate and key. */
  public void renewCertificate(BrokerMember broker) {
    authority.issue(broker.member().name());
  }

  /** Signs tokens with a new key from now on; earlier tokens stay valid. */
  public void rotateIssuerKey() {
    issuer.rotate();
  }

  /** Adds a sealing key. Brokers can read with it once they have loaded it. */
  public void addSealingKey() {
    SealingKeyDirectory.add(
        directory.sealingKeys(), SEALING_KEY + sealingKeys.incrementAndGet(), random);
  }

  /** Makes brokers write with the key that was added last. */
  public void activateSealingKey() {
    SealingKeyDirectory.activate(directory.sealingKeys(), SEALING_KEY + sealingKeys);
  }
}
