package io.claviger.localmesh;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All keys of a mesh, and their rotation as an operator does it: by files that members read again.
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

  /** Who issues the pods' tokens. */
  LocalIssuer issuer() {
    return issuer;
  }

  LocalCertificateAuthority authority() {
    return authority;
  }

  /** The certificate that signs those of all brokers, a PEM file. */
  public Path authorities() {
    return authority.certificate();
  }

  /** Replaces the certificate and the key of a broker. */
  public void renewCertificate(BrokerMember broker) {
    authority.issue(broker.member().name());
  }

  /** Tokens are signed with a new key from now on; those that are signed already stay valid. */
  public void rotateIssuerKey() {
    issuer.rotate();
  }

  /** Adds a sealing key, which brokers can read with once they have seen it. */
  public void addSealingKey() {
    SealingKeyDirectory.add(
        directory.sealingKeys(), SEALING_KEY + sealingKeys.incrementAndGet(), random);
  }

  /** Brokers write with the key that was added last. */
  public void activateSealingKey() {
    SealingKeyDirectory.activate(directory.sealingKeys(), SEALING_KEY + sealingKeys);
  }
}
