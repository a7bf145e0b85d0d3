package io.claviger.broker.cli.pki;

import io.claviger.broker.cli.pki.CertificateAuthority.Signed;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the certificates and keys of a mesh into a directory, as manifests. Each run creates new
 * certificates. It creates the three certificate authorities and a sealing key only if they are
 * missing. The brokers' peer connections always have their own authority: a broker with its
 * certificate may join.
 */
final class Pki {

  static final String CERTIFICATE = "ca.crt";
  static final String KEY = "ca.key";

  /** Further trusted authorities, for replacing an authority. */
  private static final String TRUSTED = "trusted.crt";

  /** Additional names, one per line. The file keeps them, so that a renewal includes them. */
  static final String FURTHER_NAMES = "further-names.txt";

  private static final String AUTHORITY = "ca/";
  private static final String PEER_AUTHORITY = "peer-ca/";
  private static final String CLIENT_AUTHORITY = "webhook-client-ca/";
  private static final String API_SERVER = "api-server/";
  private static final String SEALING_KEYS = "sealing-keys";
  private static final String ACTIVE = "active";
  private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
  private static final int SEALING_KEY_BYTES = 32;

  private final PkiFiles files;
  private final String namespace;
  private final Instant now;
  private final SecureRandom random;

  Pki(PkiFiles files, String namespace, Instant now, SecureRandom random) {
    this.files = files;
    this.namespace = namespace;
    this.now = now;
    this.random = random;
  }

  /** An authority, and a PEM bundle of it and the further trusted authorities. */
  private record Trusted(CertificateAuthority authority, String bundle) {}

  /**
   * Writes all files.
   *
   * @param authorityFrom a directory with the authority of the brokers' server certificate; if
   *     empty, the mesh's own authority signs it
   * @param further names of the brokers to add to those in the directory
   * @return the brokers' server certificate
   * @throws PkiException when a file cannot be read, used or written
   */
  X509Certificate write(Optional<Path> authorityFrom, FurtherNames further, Duration life) {
    Mesh mesh = new Mesh(namespace, kept(further).and(FurtherNames.LOOPBACK));
    Trusted authority =
        authorityFrom
            .map(from -> foreign(new PkiFiles(from)))
            .orElseGet(() -> own(AUTHORITY, "claviger"));
    Trusted peers = own(PEER_AUTHORITY, "claviger peers");
    Validity validity = Validity.of(now, life);
    Signed broker = authority.authority().sign(mesh.broker(), validity, random);
    tls(Mesh.BROKER_TLS, broker, authority);
    tls(Mesh.PEER_TLS, peers.authority().sign(mesh.peer(), validity, random), peers);
    files.secret(
        Mesh.SEALING_KEYS + ".yaml",
        Manifests.secret(namespace, Mesh.SEALING_KEYS, "Opaque", sealingKeys()));
    files.open(
        Mesh.AUTHORITY + ".yaml",
        Manifests.configMap(namespace, Mesh.AUTHORITY, Map.of(CERTIFICATE, authority.bundle())));
    files.open("patches/webhook-ca-bundle.yaml", Manifests.webhookPatch(authority.bundle()));
    apiServer(mesh, validity);
    return broker.certificate();
  }

  /** API servers have their own authority: a client with its certificate may call the webhook. */
  private void apiServer(Mesh mesh, Validity validity) {
    Trusted clients = own(CLIENT_AUTHORITY, "claviger webhook clients");
    Signed signed = clients.authority().sign(mesh.apiServer(), validity, random);
    files.open(
        Mesh.WEBHOOK_CLIENTS + ".yaml",
        Manifests.configMap(
            namespace, Mesh.WEBHOOK_CLIENTS, Map.of(CERTIFICATE, clients.bundle())));
    files.open(API_SERVER + "client.crt", Pem.of(signed.certificate()));
    files.secret(API_SERVER + "client.key", Pem.of(signed.key()));
    files.open(API_SERVER + "kubeconfig.yaml", Manifests.apiServersKubeconfig(mesh.webhook()));
    files.open(API_SERVER + "admission.yaml", Manifests.ADMISSION_CONFIGURATION);
  }

  private FurtherNames kept(FurtherNames asked) {
    FurtherNames all = files.find(FURTHER_NAMES).map(this::readNames).map(asked::and).orElse(asked);
    if (!all.isEmpty()) {
      files.open(FURTHER_NAMES, all.text());
    }
    return all;
  }

  private FurtherNames readNames(String text) {
    try {
      return FurtherNames.parse(text);
    } catch (IllegalArgumentException e) {
      throw new PkiException(files.at(FURTHER_NAMES) + ": " + e.getMessage());
    }
  }

  private void tls(String name, Signed signed, Trusted by) {
    X509Certificate issuer = by.authority().certificate();
    Map<String, String> texts =
        Map.of(
            "tls.crt",
            by.authority().isRoot()
                ? Pem.of(signed.certificate())
                : Pem.of(signed.certificate(), issuer),
            "tls.key",
            Pem.of(signed.key()),
            CERTIFICATE,
            by.bundle());
    files.secret(name + ".yaml", Manifests.secret(namespace, name, "kubernetes.io/tls", texts));
  }

  private Trusted own(String directory, String name) {
    if (files.find(directory + KEY).isEmpty()) {
      if (files.find(directory + CERTIFICATE).isPresent()) {
        // Clients that trust this authority would not trust a new one.
        throw new PkiException(
            files.at(directory + CERTIFICATE) + " has no " + KEY + " in the same directory");
      }
      CertificateAuthority made =
          CertificateAuthority.create(name, Validity.of(now, AUTHORITY_LIFE), random);
      files.secret(directory + KEY, Pem.of(made.key()));
      files.open(directory + CERTIFICATE, Pem.of(made.certificate()));
    }
    return read(files, directory);
  }

  private Trusted foreign(PkiFiles from) {
    return read(from, "");
  }

  private Trusted read(PkiFiles from, String directory) {
    Path file = from.at(directory + CERTIFICATE);
    String text = PkiFiles.read(file);
    CertificateAuthority authority =
        new CertificateAuthority(
            Pem.certificates(text, file.toString()).getFirst(),
            Pem.key(PkiFiles.read(from.at(directory + KEY)), from.at(directory + KEY).toString()));
    if (!authority.until().isAfter(now)) {
      throw new PkiException("the CA certificate has expired: " + file);
    }
    String bundle = text + from.find(directory + TRUSTED).orElse("");
    return new Trusted(
        authority,
        Pem.of(Pem.certificates(bundle, file.toString()).toArray(X509Certificate[]::new)));
  }

  /** The files of the sealing keys, by name, in the form that brokers read. */
  private Map<String, String> sealingKeys() {
    if (files.list(SEALING_KEYS).isEmpty()) {
      byte[] key = new byte[SEALING_KEY_BYTES];
      random.nextBytes(key);
      files.secret(SEALING_KEYS + "/k1.key", Base64.getEncoder().encodeToString(key) + "\n");
      files.secret(SEALING_KEYS + "/" + ACTIVE, "k1\n");
    }
    Map<String, String> texts = new LinkedHashMap<>();
    for (String name : files.list(SEALING_KEYS)) {
      if (name.equals(ACTIVE) || name.endsWith(".key")) {
        texts.put(name, PkiFiles.read(files.at(SEALING_KEYS).resolve(name)));
      }
    }
    return texts;
  }
}
