package io.claviger.localmesh;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * A throw-away certificate authority. Its certificate, and what it issues, are PEM files that only
 * their owner can read. Its own key is never written.
 */
public final class LocalCertificateAuthority {

  private static final Duration CLOCK_SKEW = Duration.ofHours(1);
  private static final Duration LIFE = Duration.ofDays(30);

  private final Path directory;
  private final Clock clock;
  private final X509Bundle authority;

  private LocalCertificateAuthority(Path directory, Clock clock) throws Exception {
    this.directory = PrivateFiles.directory(directory);
    this.clock = clock;
    this.authority =
        valid("CN=Claviger local mesh")
            .setIsCertificateAuthority(true)
            .setKeyUsage(
                true, CertificateBuilder.KeyUsage.keyCertSign, CertificateBuilder.KeyUsage.cRLSign)
            .buildSelfSigned();
    PrivateFiles.write(certificate(), authority.getCertificatePEM());
  }

  /** Creates an authority that writes its files to the directory. */
  public static LocalCertificateAuthority create(Path directory, Clock clock) {
    try {
      return new LocalCertificateAuthority(directory, clock);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("cannot make a certificate authority", e);
    }
  }

  /** The authority's certificate, PEM. */
  public Path certificate() {
    return directory.resolve("ca.pem");
  }

  /**
   * Issues a certificate for {@code localhost} and both loopback addresses, for servers and
   * clients. A second call with the same name replaces the files, as a renewal does.
   */
  public Certified issue(String name) {
    try {
      X509Bundle issued =
          valid("CN=" + name)
              .addSanDnsName("localhost")
              .addSanIpAddress("127.0.0.1")
              .addSanIpAddress("::1")
              .setKeyUsage(true, CertificateBuilder.KeyUsage.digitalSignature)
              .addExtendedKeyUsageServerAuth()
              .addExtendedKeyUsageClientAuth()
              .buildIssuedBy(authority);
      return new Certified(
          PrivateFiles.write(directory.resolve(name + ".pem"), issued.getCertificatePathPEM()),
          PrivateFiles.write(directory.resolve(name + ".key"), issued.getPrivateKeyPEM()));
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("cannot issue a certificate for " + name, e);
    }
  }

  private CertificateBuilder valid(String subject) {
    Instant now = clock.instant();
    return new CertificateBuilder()
        .subject(subject)
        .notBefore(now.minus(CLOCK_SKEW))
        .notAfter(now.plus(LIFE));
  }

  /**
   * A certificate and its key.
   *
   * @param certificate the chain, PEM
   * @param key PKCS #8, PEM
   */
  public record Certified(Path certificate, Path key) {}
}
