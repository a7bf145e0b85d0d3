package io.claviger.broker.adapter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.CaffeineLog;
import io.claviger.broker.identity.ServiceAccountMetadata;
import io.claviger.broker.ingress.Certificates;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Labels and annotations of service accounts, from an API server. */
final class KubernetesServiceAccountsIT {

  private static final String CART = "/api/v1/namespaces/shop/serviceaccounts/cart";
  private static final ServiceAccountMetadata SAID =
      new ServiceAccountMetadata(
          Map.of("claviger.io/inject", "always"),
          Map.of("eks.amazonaws.com/token-expiration", "700"));
  private static final ServiceAccount ACCOUNT =
      new ServiceAccountBuilder()
          .withNewMetadata()
          .withName("cart")
          .withNamespace("shop")
          .withLabels(SAID.labels())
          .withAnnotations(SAID.annotations())
          .endMetadata()
          .build();

  private final Vertx vertx = Vertx.vertx();
  private final KubernetesMockServer server = new KubernetesMockServer(false);
  private final AtomicLong nanos = new AtomicLong();
  @TempDir private Path directory = Path.of("");
  private KubernetesClient client;
  private KubernetesServiceAccounts accounts;

  @BeforeEach
  void serve() throws Exception {
    server.init();
    Path token = Files.writeString(directory.resolve("token"), "of-the-broker");
    client =
        KubernetesClients.open(
            vertx, URI.create(server.url("/")), token, new Certificates(directory).authorityFile());
    accounts = new KubernetesServiceAccounts(vertx, client, nanos::get);
  }

  @AfterEach
  void close() {
    client.close();
    server.destroy();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private ServiceAccountMetadata ask(String namespace, String name) {
    return accounts
        .of(namespace, name)
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }

  @Test
  void areAskedForAsTheBrokerAndRemembered() throws InterruptedException {
    server.expect().get().withPath(CART).andReturn(200, ACCOUNT).always();

    assertThat(ask("shop", "cart")).isEqualTo(SAID);
    assertThat(ask("shop", "cart")).isEqualTo(SAID);

    assertThat(server.getRequestCount()).isEqualTo(1);
    assertThat(server.takeRequest().getHeader("Authorization")).isEqualTo("Bearer of-the-broker");
  }

  @Test
  void areAskedForAgainAfterTenSeconds() {
    server.expect().get().withPath(CART).andReturn(200, ACCOUNT).always();
    // The entry's time is slightly later than the answer.
    await().until(() -> !isAskedFor());

    nanos.addAndGet(Duration.ofSeconds(9).toNanos());
    assertThat(isAskedFor()).isFalse();
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    assertThat(isAskedFor()).isTrue();
  }

  private boolean isAskedFor() {
    int before = server.getRequestCount();
    assertThat(ask("shop", "cart")).isEqualTo(SAID);
    return server.getRequestCount() > before;
  }

  @Test
  void areNoneWhileTheApiServerFailsAndThatIsNotRemembered() {
    server.expect().get().withPath(CART).andReturn(403, "").once();
    server.expect().get().withPath(CART).andReturn(200, ACCOUNT).once();

    assertThat(ask("shop", "cart")).isEqualTo(ServiceAccountMetadata.NONE);
    await().until(() -> ask("shop", "cart").equals(SAID));
  }

  @Test
  void printNoStackTraceOnTheEventLoopWhileTheApiServerFails() {
    server.expect().get().withPath(CART).andReturn(403, "").always();

    try (CaffeineLog log = new CaffeineLog()) {
      assertThat(ask("shop", "cart")).isEqualTo(ServiceAccountMetadata.NONE);

      assertThat(log.messages()).isEmpty();
    }
  }

  @Test
  void areNoneWhereTheApiServerDoesNotAnswerInTime() {
    server.expect().get().delay(5_000).withPath(CART).andReturn(200, ACCOUNT).always();

    long started = System.nanoTime();
    assertThat(ask("shop", "cart")).isEqualTo(ServiceAccountMetadata.NONE);

    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofMillis(4_500));
  }

  @Test
  void areNoneWhileTheBrokersOwnTokenCannotBeRead() throws IOException {
    server.expect().get().withPath(CART).andReturn(200, ACCOUNT).always();
    Files.delete(directory.resolve("token"));

    assertThat(ask("shop", "cart")).isEqualTo(ServiceAccountMetadata.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../secrets/s", "a/b", "A", "", "a?x=y", "-a"})
  void areNotAskedForByAnotherNameThanAServiceAccountCanHave(String name) {
    assertThat(ask("shop", name)).isEqualTo(ServiceAccountMetadata.NONE);
    assertThat(ask(name, "cart")).isEqualTo(ServiceAccountMetadata.NONE);

    assertThat(server.getRequestCount()).isZero();
  }
}
