package io.claviger.broker.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CertificateFilesTest {

  @TempDir private Path directory;
  private final Vertx vertx = Vertx.vertx();
  private Certificates certificates;
  private CertificateFiles files;

  @BeforeEach
  void open() throws Exception {
    certificates = new Certificates(directory);
    files = new CertificateFiles(certificates.certificate("a"), certificates.key("a"));
  }

  @AfterEach
  void close() throws Exception {
    BridgeFixture.await(vertx.close());
  }

  @ParameterizedTest
  @EnumSource(
      value = Algorithm.class,
      names = {"ecp256", "ecp384", "rsa2048"})
  void takesACertificateAndItsKeyOfAnyUsualKind(Algorithm algorithm) throws Exception {
    certificates.issue("a", algorithm);

    assertThat(BridgeFixture.await(files.read(vertx, null)).getCertValues()).hasSize(1);
    assertThat(BridgeFixture.await(files.read(vertx, null)))
        .isEqualTo(BridgeFixture.await(files.read(vertx, null)));
  }

  @ParameterizedTest
  @EnumSource(
      value = Algorithm.class,
      names = {"ecp256", "rsa2048"})
  void refusesAKeyOfAnotherCertificate(Algorithm ofTheOther) throws Exception {
    certificates.issue("a");
    certificates.issue("b", ofTheOther);
    CertificateFiles mixed =
        new CertificateFiles(certificates.certificate("a"), certificates.key("b"));

    assertThatThrownBy(() -> BridgeFixture.await(mixed.read(vertx, null)))
        .hasMessageContaining("a.pem")
        .hasMessageContaining("b.key")
        .hasMessageContaining("are not a certificate and its key");
  }

  @Test
  void namesAFileThatIsNotThere() throws Exception {
    certificates.issue("a");
    Files.delete(certificates.key("a"));

    assertThatThrownBy(() -> BridgeFixture.await(files.read(vertx, null)))
        .hasMessageContaining("cannot read " + certificates.key("a"));
  }

  @Test
  void doesNotQuoteAKeyThatItCannotRead() throws Exception {
    certificates.issue("a");
    Files.writeString(certificates.key("a"), "half of a secret");

    assertThatThrownBy(() -> BridgeFixture.await(files.read(vertx, null)))
        .hasMessageNotContaining("secret");
  }
}
