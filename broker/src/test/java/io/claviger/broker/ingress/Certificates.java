package io.claviger.broker.ingress;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** A test's certificate authority and the files that it issues. */
public final class Certificates {

  private final Path directory;
  private final X509Bundle authority;

  public Certificates(Path directory) throws Exception {
    this.directory = directory;
    this.authority = valid("CN=authority").setIsCertificateAuthority(true).buildSelfSigned();
    Files.writeString(authorityFile(), authority.getCertificatePEM());
  }

  public Path authorityFile() {
    return directory.resolve("ca.pem");
  }

  public Path certificate(String name) {
    return directory.resolve(name + ".pem");
  }

  public Path key(String name) {
    return directory.resolve(name + ".key");
  }

  /** Issues a certificate for loopback. A second call replaces the files, as a renewal does. */
  public void issue(String name) throws Exception {
    issue(name, Algorithm.ecp256);
  }

  /** Issues a certificate for one address. */
  public void issueFor(String name, String address) throws Exception {
    write(name, valid("CN=" + name).algorithm(Algorithm.ecp256).addSanIpAddress(address));
  }

  void issue(String name, Algorithm algorithm) throws Exception {
    write(
        name,
        valid("CN=" + name)
            .algorithm(algorithm)
            .addSanDnsName("localhost")
            .addSanIpAddress("127.0.0.1"));
  }

  private void write(String name, CertificateBuilder certificate) throws Exception {
    X509Bundle issued = certificate.buildIssuedBy(authority);
    Files.writeString(certificate(name), issued.getCertificatePathPEM());
    Files.writeString(key(name), issued.getPrivateKeyPEM());
  }

  private static CertificateBuilder valid(String subject) {
    Instant now = Instant.now();
    return new CertificateBuilder()
        .subject(subject)
        .notBefore(now.minus(Duration.ofHours(1)))
        .notAfter(now.plus(Duration.ofHours(1)));
  }
}
