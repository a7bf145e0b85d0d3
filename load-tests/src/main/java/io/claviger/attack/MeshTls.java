package io.claviger.attack;

import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.LocalCertificateAuthority;
import io.claviger.localmesh.LocalCertificateAuthority.Certified;
import io.claviger.localmesh.LocalMesh;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.time.Clock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** TLS contexts that trust a mesh's authority. */
final class MeshTls {

  private final Path directory;

  MeshTls(LocalMesh mesh) {
    this.directory = mesh.options().directory();
  }

  /** Without a certificate of its own. */
  SSLContext anonymous() throws SSLException {
    return context(trusting());
  }

  /** With a broker's certificate and key, as on a host that has stolen them. */
  SSLContext as(BrokerMember broker) throws SSLException {
    String name = broker.member().name();
    return with(new Certified(tls(name + ".pem"), tls(name + ".key")));
  }

  /** With a certificate of a broker's name from another authority. */
  SSLContext ofAnotherAuthority(String name) throws SSLException {
    return with(
        LocalCertificateAuthority.create(
                directory.resolve("tls").resolve("another"), Clock.systemUTC())
            .issue(name));
  }

  private SSLContext with(Certified own) throws SSLException {
    return context(trusting().keyManager(own.certificate().toFile(), own.key().toFile()));
  }

  private SslContextBuilder trusting() {
    return SslContextBuilder.forClient()
        .sslProvider(SslProvider.JDK)
        .endpointIdentificationAlgorithm(null)
        .trustManager(tls("ca.pem").toFile());
  }

  private Path tls(String file) {
    return directory.resolve("tls").resolve(file);
  }

  private static SSLContext context(SslContextBuilder builder) throws SSLException {
    return ((JdkSslContext) builder.build()).context();
  }
}
