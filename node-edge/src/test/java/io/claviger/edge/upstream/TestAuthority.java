package io.claviger.edge.upstream;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** A throw-away certificate authority. */
public final class TestAuthority {

  private final X509Bundle authority;

  public TestAuthority() throws Exception {
    authority =
        valid("CN=test authority")
            .setIsCertificateAuthority(true)
            .setKeyUsage(
                true, CertificateBuilder.KeyUsage.keyCertSign, CertificateBuilder.KeyUsage.cRLSign)
            .buildSelfSigned();
  }

  /** Writes its certificate to a file. */
  public Path writeTo(Path file) throws IOException {
    return Files.writeString(file, authority.getCertificatePEM());
  }

  /** Returns a certificate for localhost and its addresses of both families. */
  public PemKeyCertOptions forLoopback() throws Exception {
    return server(
        serverCertificate()
            .addSanIpAddress("127.0.0.1")
            .addSanIpAddress("::1")
            .addSanDnsName("localhost"));
  }

  /** Returns a certificate for another name. */
  public PemKeyCertOptions forAnotherName() throws Exception {
    return server(serverCertificate().addSanIpAddress("127.0.0.2").addSanDnsName("other.test"));
  }

  private static CertificateBuilder serverCertificate() {
    return valid("CN=broker")
        .setKeyUsage(true, CertificateBuilder.KeyUsage.digitalSignature)
        .addExtendedKeyUsageServerAuth();
  }

  private PemKeyCertOptions server(CertificateBuilder certificate) throws Exception {
    X509Bundle issued = certificate.buildIssuedBy(authority);
    return new PemKeyCertOptions()
        .addCertValue(Buffer.buffer(issued.getCertificatePathPEM()))
        .addKeyValue(Buffer.buffer(issued.getPrivateKeyPEM()));
  }

  private static CertificateBuilder valid(String subject) {
    Instant now = Instant.now();
    return new CertificateBuilder()
        .subject(subject)
        .notBefore(now.minus(Duration.ofHours(1)))
        .notAfter(now.plus(Duration.ofHours(1)));
  }
}
