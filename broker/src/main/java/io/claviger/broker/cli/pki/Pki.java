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
 * Makes what a mesh needs, in a directory: three authorities and a sealing key where there are none
 * yet, and each time new certificates, as manifests. Brokers trust each other by an authority of
 * their own, whoever signs for the others: whom it signs for may join them.
 */
final class Pki {

  static final String CERTIFICATE = "ca.crt";
  static final String KEY = "ca.key";

  /** Authorities that are trusted besides, while one takes another's place. */
  private static final String TRUSTED = "trusted.crt";

  /** What was asked for besides, a line each: a renewal must not forget a name that is in use. */
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

  /** An authority, and all that are trusted with it, as PEM. */
  private record Trusted(CertificateAuthority authority, String bundle) {}

  /**
   * Writes everything.
   *
   * @param authorityFrom a directory with the authority that signs for edges, the API and the
   *     webhook; without it, one is made
   * @param further names of the brokers to be kept besides those that are kept already
   * @return the certificate that those see
   * @throws PkiException when it cannot be made of what is there
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

  /** An authority of its own: whom it signs for may ask the webhook. */
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
        // Another one would not be trusted by who trusts this one.
        throw new PkiException(files.at(directory + CERTIFICATE) + " has no " + KEY + " beside it");
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
      throw new PkiException("the authority has expired: " + file);
    }
    String bundle = text + from.find(directory + TRUSTED).orElse("");
    return new Trusted(
        authority,
        Pem.of(Pem.certificates(bundle, file.toString()).toArray(X509Certificate[]::new)));
  }

  /** Files by their names: as brokers read them. */
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
