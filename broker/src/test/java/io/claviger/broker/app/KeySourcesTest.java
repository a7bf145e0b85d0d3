package io.claviger.broker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.broker.adapter.oidc.DiscoveredKeySource;
import io.claviger.broker.adapter.oidc.FileKeySource;
import io.claviger.broker.adapter.oidc.HttpKeySource;
import io.claviger.broker.identity.KeySource;
import io.claviger.config.settings.SettingsException;
import io.claviger.config.settings.SettingsLoader;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeySourcesTest {

  private static final String CA = "kubernetes.ca=";

  @TempDir private Path directory;
  private final Vertx vertx = Vertx.vertx();
  private Path file;

  @BeforeEach
  void write() throws Exception {
    String minimal =
        BrokerSettingsTest.MINIMAL.replace("file: /etc/claviger/jwks.json", "refresh: 1m");
    file = Files.writeString(directory.resolve("broker.yaml"), minimal);
  }

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private KeySource source(String... sets) {
    List<String> all = new ArrayList<>();
    for (String set : sets) {
      all.add("clusters[0]." + set);
    }
    BrokerSettings settings =
        SettingsLoader.load(BrokerSettings.class, List.of(file), Map.of(), all);
    return KeySources.of(vertx, settings.clusters().getFirst());
  }

  @Test
  void areWhatIsSet() {
    assertThat(source("jwks.file=/jwks.json")).isInstanceOf(FileKeySource.class);
    assertThat(source("jwks.url=https://a.test/keys")).isInstanceOf(HttpKeySource.class);
    assertThat(source("jwks.discover=true")).isInstanceOf(DiscoveredKeySource.class);
  }

  @Test
  void areTheApiServersWhereNothingElseIsSet() {
    assertThat(source(CA + "/ca.crt")).isInstanceOf(HttpKeySource.class);
    assertThat(source(CA + "/ca.crt", "jwks.discover=true"))
        .isInstanceOf(DiscoveredKeySource.class);
    assertThat(source(CA + "/ca.crt", "jwks.file=/jwks.json")).isInstanceOf(FileKeySource.class);
  }

  @Test
  void areDiscoveredWhereThereIsNoApiServerEither() {
    assertThat(source()).isInstanceOf(DiscoveredKeySource.class);
  }

  @Test
  void areNowhereToBeFoundWhenTheIssuerIsNoUrl() {
    assertThatThrownBy(() -> source("issuer=kubernetes/serviceaccount"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("cluster prod: its issuer's keys have no source");
  }

  @Test
  void areNotOfSeveralPlaces() {
    assertThatThrownBy(() -> source("jwks.file=/jwks.json", "jwks.url=https://a.test/keys"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("not several");
  }

  @Test
  void takeNoTokenForAFile() {
    assertThatThrownBy(() -> source("jwks.file=/jwks.json", "jwks.token-file=/token"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("jwks.token-file are for jwks.url");
  }

  @Test
  void presentNoTokenInPlainText() {
    assertThatThrownBy(() -> source("jwks.url=http://a.test/keys", "jwks.token-file=/token"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("over https only");
  }
}
