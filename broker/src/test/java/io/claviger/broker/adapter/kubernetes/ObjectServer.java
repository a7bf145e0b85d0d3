package io.claviger.broker.adapter.kubernetes;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.vertx5.Vertx5HttpClientFactory;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An in-memory API server that stores Claviger's objects and records requests. */
final class ObjectServer implements AutoCloseable {

  private static final String SYSTEM = "kube-system";

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Map<ServerRequest, Queue<ServerResponse>> responses = new ConcurrentHashMap<>();
  private final KubernetesMixedDispatcher objects = new KubernetesMixedDispatcher(responses);
  private final KubernetesMockServer server =
      new KubernetesMockServer(
          new Context(), new MockWebServer(), responses, new Recording(), false);
  private final KubernetesClient client;
  private final CuttableProxy proxy;
  private final Vertx vertx = Vertx.vertx().exceptionHandler(new UncaughtFailures());

  ObjectServer() {
    server.init();
    proxy = new CuttableProxy(server.getPort());
    objects.expectCustomResource(
        CustomResourceDefinitionContext.fromCustomResourceType(PodIdentityAssociation.class));
    client = server.createClient();
    becomeAnother();
  }

  /** From now on it belongs to another cluster, by the uid of its namespace kube-system. */
  void becomeAnother() {
    client.namespaces().withName(SYSTEM).delete();
    client
        .namespaces()
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(SYSTEM)
                .withUid(UUID.randomUUID().toString())
                .endMetadata()
                .build())
        .create();
  }

  /** The cluster's uid. */
  String uid() {
    return client.namespaces().withName(SYSTEM).get().getMetadata().getUid();
  }

  private final class Recording extends Dispatcher {
    @Override
    public MockResponse dispatch(RecordedRequest request) {
      asked.add(request.getMethod() + " " + request.getPath());
      return objects.dispatch(request);
    }
  }

  /** Returns another client of it, whose connections can be closed. */
  KubernetesClient client() {
    return new KubernetesClientBuilder()
        .withConfig(
            new ConfigBuilder(client.getConfiguration())
                .withMasterUrl("http://127.0.0.1:" + proxy.port())
                .withRequestRetryBackoffLimit(0)
                .build())
        .withHttpClientFactory(new Vertx5HttpClientFactory(vertx))
        .build();
  }

  /** Closes the connections of all those clients. */
  void cut() {
    proxy.cut();
  }

  void mend() {
    proxy.mend();
  }

  /** Returns the number of requests whose method and path have this prefix. */
  long asked(String start, String end) {
    return asked.stream().filter(one -> one.startsWith(start) && one.endsWith(end)).count();
  }

  void create(String namespace, String name, PodIdentityAssociationSpec spec) {
    PodIdentityAssociation object = new PodIdentityAssociation();
    object.setMetadata(new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
    object.setSpec(spec);
    client.resource(object).create();
  }

  static PodIdentityAssociationSpec spec(String serviceAccount, String roleArn) {
    return new PodIdentityAssociationSpec(serviceAccount, roleArn, null, null, null, null);
  }

  void change(String namespace, String name, PodIdentityAssociationSpec spec) {
    object(namespace, name)
        .edit(
            before -> {
              before.setSpec(spec);
              return before;
            });
  }

  void delete(String namespace, String name) {
    object(namespace, name).delete();
  }

  Optional<PodIdentityAssociation> find(String namespace, String name) {
    return Optional.ofNullable(object(namespace, name).get());
  }

  /** Returns the reason of an object's condition; empty before there is one. */
  String reason(String namespace, String name) {
    return find(namespace, name)
        .map(PodIdentityAssociation::getStatus)
        .flatMap(PodIdentityAssociationStatus::ready)
        .map(Condition::getReason)
        .orElse("");
  }

  /** Returns the holder of the Lease. */
  Optional<String> holder() {
    return Optional.ofNullable(
            client
                .resources(Lease.class)
                .inNamespace("claviger")
                .withName("claviger-objects")
                .get())
        .map(lease -> lease.getSpec().getHolderIdentity());
  }

  private Resource<PodIdentityAssociation> object(String namespace, String name) {
    return client.resources(PodIdentityAssociation.class).inNamespace(namespace).withName(name);
  }

  @Override
  public void close() {
    client.close();
    proxy.close();
    server.destroy();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
