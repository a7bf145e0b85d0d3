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
    // As KubernetesClients has it: who asks decides whether to ask again.
    client =
        server.createClient(
            builder -> builder.editOrNewConfig().withRequestRetryBackoffLimit(0).endConfig());
  }

  void goAway() {
    server.shutdown();
  }

  /** The next request that it has got. */
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
