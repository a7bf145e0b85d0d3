package io.claviger.broker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.association.Grants;
import io.claviger.config.settings.SettingsException;
import io.claviger.schemas.association.AssociationSpec;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrantsFileTest {

  private static final String ROLE = "arn:aws:iam::123456789012:role/app-1";

  private final Vertx vertx = Vertx.vertx();
  @TempDir private Path directory;

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void readsWhatAKeyMayDo() throws IOException {
    Supplier<Grants> grants =
        open(
            """
            grants:
              - key: ci
                cluster: prod-*
                namespaces: [app-*]
                roles: ["arn:aws:iam::123456789012:role/app-*"]
            """);

    assertThat(grants.get().missing("key/ci", "prod-1", spec("app-1"))).isEmpty();
    assertThat(grants.get().missing("key/ci", "prod-1", spec("other"))).isPresent();
    assertThat(grants.get().missing("key/ci", "test-1", spec("app-1"))).isPresent();
    assertThat(grants.get().missing("key/other", "prod-1", spec("app-1"))).isPresent();
    assertThat(grants.get().missingToAssume("key/ci", "prod-1", "app-1")).isPresent();
  }

  @Test
  void takesANamespacesGrantForThatNamespaceAlone() throws IOException {
    Supplier<Grants> grants =
        open("grants: [{namespace: app-1, cluster: '*', roles: ['*'], assume: true}]");

    assertThat(grants.get().missing("namespace/app-1", "prod-1", spec("app-1"))).isEmpty();
    assertThat(grants.get().missing("namespace/app-1", "prod-1", spec("app-2"))).isPresent();
    assertThat(grants.get().missingToAssume("namespace/app-1", "prod-1", "app-1")).isEmpty();
  }

  @Test
  void takesAPatternOfNamespacesForEachOfThemAlone() throws IOException {
    Supplier<Grants> grants = open("grants: [{namespace: 'app-*', cluster: '*', roles: ['*']}]");

    assertThat(grants.get().missing("namespace/app-2", "prod-1", spec("app-2"))).isEmpty();
    assertThat(grants.get().missing("namespace/app-1", "prod-1", spec("app-2"))).isPresent();
    assertThat(grants.get().missing("namespace/other", "prod-1", spec("other"))).isPresent();
  }

  @Test
  void takesAGrantAwayThatTheFileDoesNotHaveAnyMore() throws IOException {
    Supplier<Grants> grants = open("grants: [{key: ci, cluster: '*', namespaces: ['*']}]");
    assertThat(grants.get().covers("key/ci", "c", "n")).isTrue();

    Files.writeString(directory.resolve("grants.yaml"), "grants: []");

    await().until(() -> !grants.get().covers("key/ci", "c", "n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{cluster: '*', namespaces: ['*']}| grants[0]: a grant has exactly one of key",
        "{key: ci, namespace: n, cluster: '*'}| grants[0]: a grant has exactly one of key",
        "{namespace: n, namespaces: [m], cluster: '*'}| grants[0]: namespaces is for keys",
        "{key: ci, namespaces: ['*']}| grants[0]: cluster is missing",
        "{key: ci, cluster: '*'}| grants[0]: namespaces is missing",
        "{key: ci, cluster: '', namespaces: ['*']}| grants[0]: pattern is missing",
        "{key: ci, cluster: '*', namespaces: [~]}| grants[0]: pattern is missing",
        "{key: ci, cluster: '*', namespaces: '*'}| grants[0].namespaces: missing or of another type",
        "{key: ci, cluster: '*', namespaces: ['*'], role: ['*']}| grants[0]: an unknown field",
        "{key: ci, cluster: '*', namespaces: ['*'], assume: 'true'}| grants[0].assume: missing or of",
      })
  void refusesAnEntryNamingItAndTheProblem(String entry, String problem) {
    assertThatThrownBy(() -> open("grants: [" + entry + "]"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void noneGrantsNothing() {
    assertThat(Grants.NONE.covers("key/ci", "c", "n")).isFalse();
  }

  private static AssociationSpec spec(String namespace) {
    return new AssociationSpec(namespace, "web", ROLE, null, false, null, Map.of());
  }

  private Supplier<Grants> open(String content) throws IOException {
    return GrantsFile.open(
        vertx, Files.writeString(directory.resolve("grants.yaml"), content), Duration.ofMillis(20));
  }
}
