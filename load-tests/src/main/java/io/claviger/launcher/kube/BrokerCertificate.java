package io.claviger.launcher.kube;

import io.claviger.localmesh.MeshException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Checks whether an API client would trust the brokers' certificate. */
final class BrokerCertificate {

  private static final Duration WITHIN = Duration.ofSeconds(10);

  private BrokerCertificate() {}

  /**
   * Connects as an AWS tool does, and sends no request.
   *
   * @param authority PEM
   * @throws MeshException when a client would not trust the certificate
   * @throws IOException when no server answers
   */
  static void check(String host, int port, String authority) throws IOException {
    SSLContext trust = trusting(authority);
    try (Socket connection = new Socket()) {
      connection.connect(new InetSocketAddress(host, port), (int) WITHIN.toMillis());
      connection.setSoTimeout((int) WITHIN.toMillis());
      try (SSLSocket secured =
          (SSLSocket) trust.getSocketFactory().createSocket(connection, host, port, true)) {
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
      }
    } catch (SSLHandshakeException e) {
      if (!(e.getCause() instanceof CertificateException)) {
        throw e;
      }
      throw new MeshException(
          "the brokers' certificate cannot be used for %s (%s): run ./claviger pki again with its directory and apply what it writes; with cert-manager, %s belongs into the Certificate's ipAddresses"
              .formatted(host, e.getMessage(), host),
          e);
    }
  }

  private static SSLContext trusting(String authority) {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (Certificate one :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(authority.getBytes(StandardCharsets.UTF_8)))) {
        trusted.setCertificateEntry("ca-" + trusted.size(), one);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new MeshException("the authority's certificates cannot be read", e);
    }
  }
}
