package io.claviger.broker.adapter.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** The Kubernetes client's mock of an API server, and a client of it. */
final class MockedApiServer implements AutoCloseable {

  final Vertx vertx = Vertx.vertx();
  final KubernetesMockServer server = new KubernetesMockServer(false);
  final KubernetesClient client;

  MockedApiServer() {
    server.init();
    // Like KubernetesClients: the caller decides about retries.
    client =
        server.createClient(
            builder -> builder.editOrNewConfig().withRequestRetryBackoffLimit(0).endConfig());
  }

  void goAway() {
    server.shutdown();
  }

  /** Returns the next request that it has received. */
  RecordedRequest request() throws Exception {
    RecordedRequest request = server.takeRequest(10, TimeUnit.SECONDS);
    if (request == null) {
      throw new AssertionError("no request came");
    }
    return request;
  }

  static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    client.close();
    server.shutdown();
    await(vertx.close().toCompletionStage());
  }
}
