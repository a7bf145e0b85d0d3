package io.claviger.broker.cli.pki;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/** Certificates and keys as text (RFC 7468). Error messages never contain the text. */
final class Pem {

  private Pem() {}

  static String of(X509Certificate... certificates) {
    return Arrays.stream(certificates)
        .map(certificate -> text("CERTIFICATE", encoded(certificate)))
        .collect(Collectors.joining());
  }

  /** Writes PKCS #8, the form that Vert.x reads for all kinds of keys. */
  static String of(PrivateKey key) {
    return text("PRIVATE KEY", key.getEncoded());
  }

  /**
   * Reads all certificates of a text.
   *
   * @throws PkiException when there is none
   */
  static List<X509Certificate> certificates(String text, String where) {
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      for (Object object : objects(text)) {
        if (object instanceof X509CertificateHolder holder) {
          certificates.add(new JcaX509CertificateConverter().getCertificate(holder));
        }
      }
    } catch (IOException | CertificateException e) {
      throw new PkiException(where + ": the certificates cannot be read");
    }
    if (certificates.isEmpty()) {
      throw new PkiException(where + " contains no certificates");
    }
    return certificates;
  }

  /**
   * Reads an unencrypted private key.
   *
   * @throws PkiException when there is none
   */
  static PrivateKey key(String text, String where) {
    try {
      for (Object object : objects(text)) {
        if (object instanceof PrivateKeyInfo key) {
          return new JcaPEMKeyConverter().getPrivateKey(key);
        }
        if (object instanceof PEMKeyPair pair) {
          return new JcaPEMKeyConverter().getKeyPair(pair).getPrivate();
        }
      }
    } catch (IOException e) {
      throw new PkiException(where + ": the key cannot be read");
    }
    throw new PkiException(where + " contains no unencrypted private key");
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read cannot be written", e);
    }
  }

  private static List<Object> objects(String text) throws IOException {
    List<Object> objects = new ArrayList<>();
    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
        objects.add(next);
      }
    }
    return objects;
  }

  private static String text(String type, byte[] content) {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(type, content));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
