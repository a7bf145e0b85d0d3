package io.claviger.broker.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.TrustManagerFactory;
import software.amazon.awssdk.http.TlsTrustManagersProvider;

/** Trusts only the certificates of a PEM file. */
final class CaBundle {

  private CaBundle() {}

  /**
   * Reads the file once.
   *
   * @throws IllegalArgumentException when the file holds no certificates
   */
  static TlsTrustManagersProvider read(Path file) {
    try (InputStream pem = Files.newInputStream(file)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        trusted.setCertificateEntry("ca-" + trusted.size(), one);
      }
      if (trusted.size() == 0) {
        throw new IllegalArgumentException("--ca-bundle: no certificates in " + file);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      return factory::getTrustManagers;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException("--ca-bundle: cannot read certificates from " + file);
    }
  }
}
