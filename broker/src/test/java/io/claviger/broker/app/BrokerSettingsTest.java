package io.claviger.broker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.broker.association.ClusterRules;
import io.claviger.broker.ingress.admission.Injection;
import io.claviger.broker.ingress.admission.IpFamily;
import io.claviger.config.settings.SettingsException;
import io.claviger.config.settings.SettingsLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BrokerSettingsTest {

  static final String MINIMAL =
      """
      claviger:
        broker:
          name: broker-1
          clusters:
            - name: prod
              arn: arn:aws:eks:eu-central-1:123456789012:cluster/prod
              account: "123456789012"
              region: eu-central-1
              issuer: https://issuer.test
              jwks:
                file: /etc/claviger/jwks.json
              edge-service-accounts: [claviger/node-edge]
          bridge:
            tls: {certificate: /tls/edge.crt, key: /tls/edge.key}
          peers:
            members: [brokers.claviger.svc]
            tls: {certificate: /tls/peer.crt, key: /tls/peer.key}
            ca: /tls/ca.crt
            sealing-keys: /keys
          kafka:
            bootstrap-servers: kafka:9092
          sts:
            region: eu-central-1
      """;

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void writeFile() throws IOException {
    file = Files.writeString(directory.resolve("broker.yaml"), MINIMAL);
  }

  private BrokerSettings load(String... sets) {
    return SettingsLoader.load(BrokerSettings.class, List.of(file), Map.of(), List.of(sets));
  }

  @Test
  void haveSensibleDefaults() {
    BrokerSettings settings = load();

    BrokerSettings.Cluster cluster = settings.clusters().getFirst();
    assertThat(cluster.audience()).isEqualTo("pods.eks.amazonaws.com");
    assertThat(cluster.tagScope()).isEqualTo("service-account");
    assertThat(cluster.maxAssociations()).isEqualTo(5_000);
    assertThat(cluster.rolesOfOtherAccounts()).isFalse();
    assertThat(cluster.jwks().url()).isEmpty();
    assertThat(cluster.jwks().refresh()).isEqualTo(Duration.ofMinutes(10));
    assertThat(settings.kafka().groupProtocol()).isEqualTo("classic");
    assertThat(settings.kafka().replicationFactor()).isEqualTo(3);
    assertThat(settings.kafka().properties()).isEmpty();
    assertThat(settings.bridge().host()).isEqualTo("127.0.0.1");
    assertThat(settings.issuance().ownerTimeout()).isEqualTo(Duration.ofMillis(150));
    assertThat(settings.issuance().minRemaining()).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void giveTheLogsWriterTheRulesOfARegistration() {
    BrokerSettings settings =
        load("clusters[0].roles-of-other-accounts=true", "clusters[0].max-associations=7");

    assertThat(new RegisteredClusters(settings.clusters()).rules())
        .containsOnly(Map.entry("prod", new ClusterRules("prod", "123456789012", true, 7)));
  }

  @Test
  void takeKafkasOwnPropertiesWithTheirDots() {
    assertThat(load("kafka.properties.\"security.protocol\"=SSL").kafka().properties())
        .isEqualTo(Map.of("security.protocol", "SSL"));
  }

  @Test
  void askForNoAdmissionUntilACertificateIsSet() {
    assertThat(load().admission().tls()).isEmpty();

    BrokerSettings settings =
        load("admission.tls.certificate=/tls/tls.crt", "admission.tls.key=/tls/tls.key");

    AdmissionSettings admission = settings.admission();
    assertThat(admission.tls()).isPresent();
    assertThat(admission.port()).isEqualTo(7446);
    assertThat(BrokerAdmission.injection(settings.clusters().getFirst(), admission))
        .isEqualTo(
            new Injection(
                "prod", "pods.eks.amazonaws.com", IpFamily.IPV4, Optional.empty(), false));
  }

  @Test
  void askNoApiServerUntilOneIsSet() {
    assertThat(load().clusters().getFirst().kubernetes()).isEmpty();
    assertThat(
            load("clusters[0].kubernetes.url=https://kubernetes.default.svc")
                .clusters()
                .getFirst()
                .kubernetes())
        .isPresent();
  }

  @Test
  void nameAClusterForAdmissionThatIsNotRegistered() {
    BrokerSettings settings = load();

    assertThat(BrokerAdmission.cluster(settings.clusters(), Optional.of("prod")).name())
        .isEqualTo("prod");
    assertThatThrownBy(() -> BrokerAdmission.cluster(settings.clusters(), Optional.of("test")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("claviger.broker.admission.cluster", "test");
  }

  @Test
  void nameAKeyThatNobodyKnows() {
    assertThatThrownBy(() -> load("issuance.concurency=3"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("claviger.broker.issuance.concurency");
  }

  @Test
  void nameAKeyThatIsMissing() throws IOException {
    Files.writeString(
        file, MINIMAL.replace("bootstrap-servers: kafka:9092", "replication-factor: 1"));

    assertThatThrownBy(this::load)
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("claviger.broker.kafka.bootstrap-servers");
  }
}
