package io.claviger.broker.cli.pki;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority (RFC 5280). It generates keys on the curve P-256.
 *
 * @param certificate the CA certificate
 * @param key the private key of the certificate
 */
record CertificateAuthority(X509Certificate certificate, PrivateKey key) {

  private static final int SERIAL_BITS = 127;
  private static final byte[] PROBE = {1, 2, 3, 4};

  /**
   * Checks the certificate and the key.
   *
   * @throws PkiException when the certificate cannot sign, or the key does not match it
   */
  CertificateAuthority {
    if (certificate.getBasicConstraints() < 0) {
      throw new PkiException("not a CA certificate: " + name(certificate));
    }
    if (!belongs(key, certificate.getPublicKey())) {
      throw new PkiException("ca.key does not belong to the certificate " + name(certificate));
    }
  }

  /** A signed certificate and its private key. */
  record Signed(X509Certificate certificate, PrivateKey key) {
    @Override
    public String toString() {
      return "Signed[" + name(certificate) + "]";
    }
  }

  /** The names and the purposes of a certificate. */
  record Subject(
      String name, List<String> dnsNames, List<String> ips, List<KeyPurposeId> purposes) {
    GeneralNames alternativeNames() {
      return new GeneralNames(
          Stream.concat(
                  dnsNames.stream().map(dns -> new GeneralName(GeneralName.dNSName, dns)),
                  ips.stream().map(ip -> new GeneralName(GeneralName.iPAddress, ip)))
              .toArray(GeneralName[]::new));
    }

    ExtendedKeyUsage usage() {
      return new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new));
    }
  }

  /** Creates a self-signed authority. */
  static CertificateAuthority create(String name, Validity validity, SecureRandom random) {
    KeyPair pair = pair(random);
    X500Principal itself = principal(name);
    try {
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
                  itself,
                  serial(random),
                  Date.from(validity.from()),
                  Date.from(validity.until()),
                  itself,
                  pair.getPublic())
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
              .addExtension(
                  Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
              .addExtension(
                  Extension.subjectKeyIdentifier,
                  false,
                  new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
      return new CertificateAuthority(sign(builder, pair.getPrivate()), pair.getPrivate());
    } catch (CertIOException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot create a certificate authority", e);
    }
  }

  /** Signs a certificate with a new key. It expires no later than the authority. */
  Signed sign(Subject subject, Validity validity, SecureRandom random) {
    KeyPair pair = pair(random);
    Validity bounded = validity.within(until());
    try {
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
                  certificate,
                  serial(random),
                  Date.from(bounded.from()),
                  Date.from(bounded.until()),
                  principal(subject.name()),
                  pair.getPublic())
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
              .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
              .addExtension(Extension.extendedKeyUsage, false, subject.usage())
              .addExtension(Extension.subjectAlternativeName, false, subject.alternativeNames())
              .addExtension(
                  Extension.authorityKeyIdentifier,
                  false,
                  new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate));
      return new Signed(sign(builder, key), pair.getPrivate());
    } catch (CertIOException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot create a certificate", e);
    }
  }

  Instant until() {
    return certificate.getNotAfter().toInstant();
  }

  boolean isRoot() {
    return certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal());
  }

  @Override
  public String toString() {
    return "CertificateAuthority[" + name(certificate) + "]";
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey by)
      throws GeneralSecurityException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(new JcaContentSignerBuilder(algorithm(by.getAlgorithm())).build(by)));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }

  private static boolean belongs(PrivateKey key, PublicKey certified) {
    try {
      Signature signature = Signature.getInstance(algorithm(certified.getAlgorithm()));
      signature.initSign(key);
      signature.update(PROBE);
      byte[] signed = signature.sign();
      signature.initVerify(certified);
      signature.update(PROBE);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static String algorithm(String key) {
    return key.equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
  }

  private static KeyPair pair(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java runtime has no P-256", e);
    }
  }

  private static BigInteger serial(SecureRandom random) {
    return new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE);
  }

  private static X500Principal principal(String name) {
    return new X500Principal("CN=" + name);
  }

  private static String name(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }
}
