package io.claviger.broker.cli.pki;

import static io.claviger.broker.cli.pki.MadeFiles.certificates;
import static io.claviger.broker.cli.pki.MadeFiles.decoded;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.StrictModels;
import io.claviger.broker.cli.pki.MadeFiles.Texts;
import io.claviger.config.cluster.SealingKeys;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class PkiCommandTest {

  private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");
  private static final String SERVER = "1.3.6.1.5.5.7.3.1";
  private static final String CLIENT = "1.3.6.1.5.5.7.3.2";

  @TempDir private Path directory = Path.of("");

  private record Ran(int code, String out, String err) {}

  private Ran run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(new PkiCommand(() -> NOW))
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Ran(code, out.toString(), err.toString());
  }

  private Ran make(String... more) {
    return run(
        Stream.concat(Stream.of("--out", directory.toString()), Stream.of(more))
            .toArray(String[]::new));
  }

  private String text(String name) {
    return MadeFiles.text(directory, name);
  }

  private Texts secret(String name) {
    return MadeFiles.secret(directory, name);
  }

  /** By the JDK's own rules, at a time at which they are good. */
  private static void assertSigned(Texts secret) throws GeneralSecurityException {
    Set<TrustAnchor> trusted =
        certificates(secret.get("ca.crt")).stream()
            .map(authority -> new TrustAnchor(authority, null))
            .collect(Collectors.toSet());
    PKIXParameters parameters = new PKIXParameters(trusted);
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(NOW));
    CertPathValidator.getInstance("PKIX")
        .validate(
            CertificateFactory.getInstance("X.509")
                .generateCertPath(certificates(secret.get("tls.crt"))),
            parameters);
    // Checks that they belong together.
    assertThat(secret.certificate().getPublicKey()).isInstanceOf(ECPublicKey.class);
    assertThat(Pem.key(secret.get("tls.key"), "a test's text").getAlgorithm()).startsWith("EC");
  }

  /** Of whatever type. */
  private static Set<String> names(X509Certificate certificate) throws Exception {
    return certificate.getSubjectAlternativeNames().stream()
        .map(name -> name.get(1).toString())
        .collect(Collectors.toSet());
  }

  @Test
  void signsForBrokersAsClientsComeToThem() throws Exception {
    assertThat(make().code()).isZero();

    Texts secret = secret("claviger-broker-tls");
    assertSigned(secret);
    assertThat(names(secret.certificate()))
        .containsExactlyInAnyOrder(
            "claviger-broker",
            "claviger-broker.claviger",
            "claviger-broker.claviger.svc",
            "claviger-broker.claviger.svc.cluster.local",
            "claviger-bridge",
            "claviger-bridge.claviger",
            "claviger-bridge.claviger.svc",
            "claviger-bridge.claviger.svc.cluster.local",
            "localhost",
            "127.0.0.1",
            "0:0:0:0:0:0:0:1");
    assertThat(secret.certificate().getExtendedKeyUsage()).containsExactly(SERVER);
    assertThat(secret.certificate().getNotAfter().toInstant())
        .isEqualTo(NOW.plus(Duration.ofDays(365)));
    assertThat(secret.certificate().getBasicConstraints()).isEqualTo(-1);
  }

  @Test
  void signsForTheNamesThatOperatorsUse() throws Exception {
    assertThat(
            make("--dns", "Brokers.example.org", "--dns", "*.api.example.org", "--ip", "10.1.2.3")
                .code())
        .isZero();

    assertThat(names(secret("claviger-broker-tls").certificate()))
        .contains("brokers.example.org", "*.api.example.org", "10.1.2.3", "claviger-broker");
    assertThat(names(secret("claviger-peer-tls").certificate()))
        .doesNotContain("brokers.example.org", "10.1.2.3");
  }

  @Test
  void keepsNamesThatWereAskedForUntilTheirLineIsDeleted() throws Exception {
    make("--dns", "brokers.example.org", "--ip", "10.1.2.3");

    make("--ip", "fd00::5");
    assertThat(names(secret("claviger-broker-tls").certificate()))
        .contains("brokers.example.org", "10.1.2.3", "fd00:0:0:0:0:0:0:5");

    Files.writeString(directory.resolve("further-names.txt"), "10.1.2.3\n\n");
    make();
    assertThat(names(secret("claviger-broker-tls").certificate()))
        .contains("10.1.2.3")
        .doesNotContain("brokers.example.org", "fd00:0:0:0:0:0:0:5");
  }

  @ParameterizedTest
  @CsvSource({
    "--dns,10.1.2.3",
    "--dns,brokers_example",
    "--dns,a..b",
    "--dns,https://brokers.example.org",
    "--dns,x.*.example.org",
    "--ip,10.1.2",
    "--ip,10.1.2.3/24",
    "--ip,[fd00::5]",
    "--ip,brokers.example.org"
  })
  void refusesWhatIsNoNameOrAddress(String option, String name) {
    Ran ran = make(option, name);

    assertThat(ran.code()).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(ran.err()).contains("'" + name + "'");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void saysWhichFileHasALineThatIsNoName() throws IOException {
    Files.writeString(directory.resolve("further-names.txt"), "brokers.example.org:7445\n");

    Ran ran = make();

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("further-names.txt", "'brokers.example.org:7445'");
  }

  @Test
  void signsForBrokersAmongThemselvesByAnotherAuthority() throws Exception {
    make("--namespace", "keys");

    Texts peers = secret("claviger-peer-tls");
    assertSigned(peers);
    assertThat(names(peers.certificate()))
        .contains("*.claviger-peers.keys.svc.cluster.local", "claviger-peers.keys.svc");
    assertThat(peers.certificate().getExtendedKeyUsage()).containsExactlyInAnyOrder(SERVER, CLIENT);
    assertThat(peers.get("ca.crt")).isNotEqualTo(secret("claviger-broker-tls").get("ca.crt"));
  }

  @Test
  void signsForApiServersThatProveThemselvesByAThirdAuthority() throws Exception {
    make();

    X509Certificate shown = certificates(text("api-server/client.crt")).getFirst();
    assertThat(shown.getExtendedKeyUsage()).containsExactly(CLIENT);
    assertThat(Pem.key(text("api-server/client.key"), "a test's text").getAlgorithm())
        .startsWith("EC");
    String authority =
        Objects.requireNonNull(
            StrictModels.readYaml(text("claviger-webhook-clients.yaml"), ConfigMap.class)
                .getData()
                .get("ca.crt"));
    shown.verify(certificates(authority).getFirst().getPublicKey());
    assertThat(authority)
        .isNotEqualTo(secret("claviger-broker-tls").get("ca.crt"))
        .isNotEqualTo(secret("claviger-peer-tls").get("ca.crt"));
    assertThat(text("api-server/kubeconfig.yaml"))
        .contains("name: claviger-broker.claviger.svc", "client-certificate: client.crt");
    assertThat(text("api-server/admission.yaml"))
        .contains("/etc/kubernetes/pki/claviger-webhook/kubeconfig.yaml");
  }

  @Test
  void tellsEdgesAndTheApiServerWhomToTrust() {
    make();

    String authority = secret("claviger-broker-tls").get("ca.crt");
    ConfigMap map = StrictModels.readYaml(text("claviger-ca.yaml"), ConfigMap.class);
    MutatingWebhookConfiguration patch =
        StrictModels.readYaml(
            text("patches/webhook-ca-bundle.yaml"), MutatingWebhookConfiguration.class);

    assertThat(map.getMetadata().getNamespace()).isEqualTo("claviger");
    assertThat(map.getData()).isEqualTo(Map.of("ca.crt", authority));
    assertThat(patch.getMetadata().getName()).isEqualTo("claviger-pod-identity");
    assertThat(patch.getWebhooks())
        .extracting(MutatingWebhook::getName)
        .containsExactly(
            "pod-identity.claviger.io",
            "pod-identity-required.claviger.io",
            "pod-identity-always.claviger.io",
            "pod-identity-always-required.claviger.io");
    assertThat(patch.getWebhooks())
        .allMatch(webhook -> decoded(webhook.getClientConfig().getCaBundle()).equals(authority));
  }

  @Test
  void makesSealingKeysAsBrokersReadThem(@TempDir Path mounted) throws IOException {
    make();

    for (Map.Entry<String, String> file : secret("claviger-sealing-keys").files().entrySet()) {
      Files.writeString(mounted.resolve(file.getKey()), file.getValue());
    }
    assertThat(SealingKeys.open(mounted).active()).isEqualTo("k1");
  }

  @Test
  void renewsCertificatesAndKeepsAuthoritiesAndSealingKeys() {
    make();
    Texts before = secret("claviger-broker-tls");
    Texts peersBefore = secret("claviger-peer-tls");
    String keys = text("claviger-sealing-keys.yaml");

    make();

    Texts after = secret("claviger-broker-tls");
    assertThat(after.get("tls.crt")).isNotEqualTo(before.get("tls.crt"));
    assertThat(after.get("tls.key")).isNotEqualTo(before.get("tls.key"));
    assertThat(after.get("ca.crt")).isEqualTo(before.get("ca.crt"));
    assertThat(secret("claviger-peer-tls").get("ca.crt")).isEqualTo(peersBefore.get("ca.crt"));
    assertThat(text("claviger-sealing-keys.yaml")).isEqualTo(keys);
  }

  @Test
  void takesInASealingKeyThatWasAdded() throws IOException {
    make();
    Files.writeString(directory.resolve("sealing-keys/k2.key"), "another");

    make();

    assertThat(secret("claviger-sealing-keys").files()).containsKeys("active", "k1.key", "k2.key");
  }

  @Test
  void trustsASecondAuthorityWhileOneTakesTheOthersPlace(@TempDir Path other) throws IOException {
    run("--out", other.toString());
    make();
    Files.copy(other.resolve("ca/ca.crt"), directory.resolve("ca/trusted.crt"));

    make();

    assertThat(certificates(secret("claviger-broker-tls").get("ca.crt"))).hasSize(2);
    assertThat(certificates(secret("claviger-peer-tls").get("ca.crt"))).hasSize(1);
  }

  @Test
  void signsByAnAuthorityThatIsKeptElsewhere(@TempDir Path other) throws Exception {
    run("--out", other.toString());

    assertThat(make("--ca-from", other.resolve("ca").toString()).code()).isZero();

    assertSigned(secret("claviger-broker-tls"));
    assertThat(secret("claviger-broker-tls").get("ca.crt"))
        .isEqualTo(Files.readString(other.resolve("ca/ca.crt")));
    assertThat(directory.resolve("ca")).doesNotExist();
    assertThat(directory.resolve("peer-ca/ca.key")).exists();
  }

  @Test
  void signsForNoLongerThanItsAuthorityIsGood() {
    make("--days", "99999");

    assertThat(secret("claviger-broker-tls").certificate().getNotAfter())
        .isEqualTo(certificates(text("ca/ca.crt")).getFirst().getNotAfter());
  }

  @ParameterizedTest
  @CsvSource({
    "ca/ca.key, rw-------",
    "peer-ca/ca.key, rw-------",
    "sealing-keys/k1.key, rw-------",
    "claviger-broker-tls.yaml, rw-------",
    "claviger-peer-tls.yaml, rw-------",
    "claviger-sealing-keys.yaml, rw-------",
    "claviger-ca.yaml, rw-r--r--"
  })
  void writesWhatIsSecretForItsOwnerOnly(String file, String rights) throws IOException {
    make();

    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(file))))
        .isEqualTo(rights);
  }

  @Test
  void printsNothingThatIsSecret() {
    Ran ran = make();

    assertThat(ran.err()).isEmpty();
    assertThat(ran.out())
        .contains("claviger-broker-tls.yaml", "kubectl apply", "2027-11-27T10:00:00Z")
        .doesNotContain("PRIVATE KEY", text("sealing-keys/k1.key").strip());
  }

  @Test
  void doesNotTakeAKeyOfAnotherAuthority() throws IOException {
    make();
    Files.copy(
        directory.resolve("peer-ca/ca.key"),
        directory.resolve("ca/ca.key"),
        StandardCopyOption.REPLACE_EXISTING);

    Ran ran = make();

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("does not belong");
  }

  @Test
  void doesNotReplaceAnAuthorityWhoseKeyIsElsewhere() throws IOException {
    make();
    String authority = text("ca/ca.crt");
    Files.delete(directory.resolve("ca/ca.key"));

    Ran ran = make();

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("ca.key");
    assertThat(text("ca/ca.crt")).isEqualTo(authority);
  }

  @Test
  void doesNotTakeACertificateForAnAuthority(@TempDir Path other) throws IOException {
    make();
    Texts secret = secret("claviger-broker-tls");
    Files.writeString(other.resolve("ca.crt"), secret.get("tls.crt"));
    Files.writeString(other.resolve("ca.key"), secret.get("tls.key"));

    Ran ran = make("--ca-from", other.toString());

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("no authority's");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--days 0", "--namespace Keys", "--namespace ../x"})
  void saysWhatBadUsageIs(String more) {
    Ran ran = make(more.split(" ", -1));

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains(more.split(" ", -1)[0]);
  }
}
