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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files that {@code pki} writes and reads again, and its output. */
final class PkiCommandTest {

  private MadeFiles pki;

  @BeforeEach
  void open(@TempDir Path directory) {
    pki = new MadeFiles(directory);
  }

  @Test
  void tellsEdgesAndTheApiServerWhomToTrust() {
    pki.make();

    String authority = pki.secret("claviger-broker-tls").get("ca.crt");
    ConfigMap map = StrictModels.readYaml(pki.text("claviger-ca.yaml"), ConfigMap.class);
    MutatingWebhookConfiguration patch =
        StrictModels.readYaml(
            pki.text("patches/webhook-ca-bundle.yaml"), MutatingWebhookConfiguration.class);

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
    pki.make();

    for (Map.Entry<String, String> file : pki.secret("claviger-sealing-keys").files().entrySet()) {
      Files.writeString(mounted.resolve(file.getKey()), file.getValue());
    }
    assertThat(SealingKeys.open(mounted).active()).isEqualTo("k1");
  }

  @Test
  void renewsCertificatesAndKeepsAuthoritiesAndSealingKeys() {
    pki.make();
    Texts before = pki.secret("claviger-broker-tls");
    Texts peersBefore = pki.secret("claviger-peer-tls");
    String keys = pki.text("claviger-sealing-keys.yaml");

    pki.make();

    Texts after = pki.secret("claviger-broker-tls");
    assertThat(after.get("tls.crt")).isNotEqualTo(before.get("tls.crt"));
    assertThat(after.get("tls.key")).isNotEqualTo(before.get("tls.key"));
    assertThat(after.get("ca.crt")).isEqualTo(before.get("ca.crt"));
    assertThat(pki.secret("claviger-peer-tls").get("ca.crt")).isEqualTo(peersBefore.get("ca.crt"));
    assertThat(pki.text("claviger-sealing-keys.yaml")).isEqualTo(keys);
  }

  @Test
  void takesInASealingKeyThatWasAdded() throws IOException {
    pki.make();
    Files.writeString(pki.directory.resolve("sealing-keys/k2.key"), "another");

    pki.make();

    assertThat(pki.secret("claviger-sealing-keys").files())
        .containsKeys("active", "k1.key", "k2.key");
  }

  @Test
  void trustsASecondAuthorityWhileOneTakesTheOthersPlace(@TempDir Path other) throws IOException {
    pki.run("--out", other.toString());
    pki.make();
    Files.copy(other.resolve("ca/ca.crt"), pki.directory.resolve("ca/trusted.crt"));

    pki.make();

    assertThat(certificates(pki.secret("claviger-broker-tls").get("ca.crt"))).hasSize(2);
    assertThat(certificates(pki.secret("claviger-peer-tls").get("ca.crt"))).hasSize(1);
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
    pki.make();

    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(pki.directory.resolve(file))))
        .isEqualTo(rights);
  }

  @Test
  void printsNothingThatIsSecret() {
    MadeFiles.Ran ran = pki.make();

    assertThat(ran.err()).isEmpty();
    assertThat(ran.out())
        .contains("claviger-broker-tls.yaml", "kubectl apply", "2027-11-27T10:00:00Z")
        .doesNotContain("PRIVATE KEY", pki.text("sealing-keys/k1.key").strip());
  }

  @Test
  void doesNotTakeAKeyOfAnotherAuthority() throws IOException {
    pki.make();
    Files.copy(
        pki.directory.resolve("peer-ca/ca.key"),
        pki.directory.resolve("ca/ca.key"),
        StandardCopyOption.REPLACE_EXISTING);

    MadeFiles.Ran ran = pki.make();

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("does not belong");
  }

  @Test
  void doesNotReplaceAnAuthorityWhoseKeyIsElsewhere() throws IOException {
    pki.make();
    String authority = pki.text("ca/ca.crt");
    Files.delete(pki.directory.resolve("ca/ca.key"));

    MadeFiles.Ran ran = pki.make();

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("ca.key");
    assertThat(pki.text("ca/ca.crt")).isEqualTo(authority);
  }

  @Test
  void doesNotTakeACertificateForAnAuthority(@TempDir Path other) throws IOException {
    pki.make();
    Texts secret = pki.secret("claviger-broker-tls");
    Files.writeString(other.resolve("ca.crt"), secret.get("tls.crt"));
    Files.writeString(other.resolve("ca.key"), secret.get("tls.key"));

    MadeFiles.Ran ran = pki.make("--ca-from", other.toString());

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("not a CA certificate");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--days 0", "--namespace Keys", "--namespace ../x"})
  void saysWhatBadUsageIs(String more) {
    MadeFiles.Ran ran = pki.make(more.split(" ", -1));

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains(more.split(" ", -1)[0]);
  }
}
