package io.claviger.broker.cli.pki;

import static io.claviger.broker.cli.pki.MadeFiles.certificates;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.StrictModels;
import io.claviger.broker.cli.pki.MadeFiles.Texts;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.util.Date;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The certificates that {@code pki} signs: their names and their certificate authorities. */
final class PkiCertificatesTest {

  private static final String SERVER = "1.3.6.1.5.5.7.3.1";
  private static final String CLIENT = "1.3.6.1.5.5.7.3.2";

  private MadeFiles pki;

  @BeforeEach
  void open(@TempDir Path directory) {
    pki = new MadeFiles(directory);
  }

  /** Validates the chain with the JDK, at a time within the validity. */
  private static void assertSigned(Texts secret) throws GeneralSecurityException {
    Set<TrustAnchor> trusted =
        certificates(secret.get("ca.crt")).stream()
            .map(authority -> new TrustAnchor(authority, null))
            .collect(Collectors.toSet());
    PKIXParameters parameters = new PKIXParameters(trusted);
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(MadeFiles.NOW));
    CertPathValidator.getInstance("PKIX")
        .validate(
            CertificateFactory.getInstance("X.509")
                .generateCertPath(certificates(secret.get("tls.crt"))),
            parameters);
    assertThat(secret.certificate().getPublicKey()).isInstanceOf(ECPublicKey.class);
    assertThat(Pem.key(secret.get("tls.key"), "a test's text").getAlgorithm()).startsWith("EC");
  }

  /** Alternative names of all types. */
  private static Set<String> names(X509Certificate certificate) throws Exception {
    return certificate.getSubjectAlternativeNames().stream()
        .map(name -> name.get(1).toString())
        .collect(Collectors.toSet());
  }

  @Test
  void signsForBrokersAsClientsComeToThem() throws Exception {
    assertThat(pki.make().code()).isZero();

    Texts secret = pki.secret("claviger-broker-tls");
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
        .isEqualTo(MadeFiles.NOW.plus(Duration.ofDays(365)));
    assertThat(secret.certificate().getBasicConstraints()).isEqualTo(-1);
  }

  @Test
  void signsForTheNamesThatOperatorsUse() throws Exception {
    MadeFiles.Ran ran =
        pki.make("--dns", "Brokers.example.org", "--dns", "*.api.example.org", "--ip", "10.1.2.3");
    assertThat(ran.code()).isZero();

    assertThat(names(pki.secret("claviger-broker-tls").certificate()))
        .contains("brokers.example.org", "*.api.example.org", "10.1.2.3", "claviger-broker");
    assertThat(names(pki.secret("claviger-peer-tls").certificate()))
        .doesNotContain("brokers.example.org", "10.1.2.3");
  }

  @Test
  void keepsNamesThatWereAskedForUntilTheirLineIsDeleted() throws Exception {
    pki.make("--dns", "brokers.example.org", "--ip", "10.1.2.3");

    pki.make("--ip", "fd00::5");
    assertThat(names(pki.secret("claviger-broker-tls").certificate()))
        .contains("brokers.example.org", "10.1.2.3", "fd00:0:0:0:0:0:0:5");

    Files.writeString(pki.directory.resolve("further-names.txt"), "10.1.2.3\n\n");
    pki.make();
    assertThat(names(pki.secret("claviger-broker-tls").certificate()))
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
    MadeFiles.Ran ran = pki.make(option, name);

    assertThat(ran.code()).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(ran.err()).contains("'" + name + "'");
    assertThat(pki.directory).isEmptyDirectory();
  }

  @Test
  void saysWhichFileHasALineThatIsNoName() throws IOException {
    Files.writeString(pki.directory.resolve("further-names.txt"), "brokers.example.org:7445\n");

    MadeFiles.Ran ran = pki.make();

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("further-names.txt", "'brokers.example.org:7445'");
  }

  @Test
  void signsForBrokersAmongThemselvesByAnotherAuthority() throws Exception {
    pki.make("--namespace", "keys");

    Texts peers = pki.secret("claviger-peer-tls");
    assertSigned(peers);
    assertThat(names(peers.certificate()))
        .contains("*.claviger-peers.keys.svc.cluster.local", "claviger-peers.keys.svc");
    assertThat(peers.certificate().getExtendedKeyUsage()).containsExactlyInAnyOrder(SERVER, CLIENT);
    assertThat(peers.get("ca.crt")).isNotEqualTo(pki.secret("claviger-broker-tls").get("ca.crt"));
  }

  @Test
  void signsForApiServersThatProveThemselvesByAThirdAuthority() throws Exception {
    pki.make();

    X509Certificate shown = certificates(pki.text("api-server/client.crt")).getFirst();
    assertThat(shown.getExtendedKeyUsage()).containsExactly(CLIENT);
    assertThat(Pem.key(pki.text("api-server/client.key"), "a test's text").getAlgorithm())
        .startsWith("EC");
    String authority =
        Objects.requireNonNull(
            StrictModels.readYaml(pki.text("claviger-webhook-clients.yaml"), ConfigMap.class)
                .getData()
                .get("ca.crt"));
    shown.verify(certificates(authority).getFirst().getPublicKey());
    assertThat(authority)
        .isNotEqualTo(pki.secret("claviger-broker-tls").get("ca.crt"))
        .isNotEqualTo(pki.secret("claviger-peer-tls").get("ca.crt"));
    assertThat(pki.text("api-server/kubeconfig.yaml"))
        .contains("name: claviger-broker.claviger.svc", "client-certificate: client.crt");
    assertThat(pki.text("api-server/admission.yaml"))
        .contains("/etc/kubernetes/pki/claviger-webhook/kubeconfig.yaml");
  }

  @Test
  void signsByAnAuthorityThatIsKeptElsewhere(@TempDir Path other) throws Exception {
    pki.run("--out", other.toString());

    assertThat(pki.make("--ca-from", other.resolve("ca").toString()).code()).isZero();

    assertSigned(pki.secret("claviger-broker-tls"));
    assertThat(pki.secret("claviger-broker-tls").get("ca.crt"))
        .isEqualTo(Files.readString(other.resolve("ca/ca.crt")));
    assertThat(pki.directory.resolve("ca")).doesNotExist();
    assertThat(pki.directory.resolve("peer-ca/ca.key")).exists();
  }

  @Test
  void signsForNoLongerThanItsAuthorityIsGood() {
    pki.make("--days", "99999");

    assertThat(pki.secret("claviger-broker-tls").certificate().getNotAfter())
        .isEqualTo(certificates(pki.text("ca/ca.crt")).getFirst().getNotAfter());
  }
}
