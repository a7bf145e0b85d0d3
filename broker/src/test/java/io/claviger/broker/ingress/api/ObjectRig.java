package io.claviger.broker.ingress.api;

import static org.awaitility.Awaitility.await;

import io.claviger.broker.adapter.kubernetes.ObjectController;
import io.claviger.broker.adapter.kubernetes.PodIdentityAssociation;
import io.claviger.broker.adapter.kubernetes.PodIdentityAssociationSpec;
import io.claviger.broker.adapter.kubernetes.PodIdentityAssociationStatus;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Optional;
import java.util.function.Predicate;

/** An in-memory API server and a broker's controller of its objects. */
final class ObjectRig implements AutoCloseable {

  private static final String NAME = "one";

  private final KubernetesMixedDispatcher objects = new KubernetesMixedDispatcher(new HashMap<>());
  private final KubernetesMockServer server =
      new KubernetesMockServer(new Context(), new MockWebServer(), new HashMap<>(), objects, false);
  private final KubernetesClient client;
  private final ObjectController controller;

  ObjectRig(ApiMember member, String cluster, Path directory) throws IOException {
    objects.expectCustomResource(
        CustomResourceDefinitionContext.fromCustomResourceType(PodIdentityAssociation.class));
    server.init();
    client = server.createClient();
    client
        .namespaces()
        .resource(
            new NamespaceBuilder().withNewMetadata().withName("kube-system").endMetadata().build())
        .create();
    Path token = Files.writeString(directory.resolve("token"), "token");
    controller = member.objects(cluster, URI.create(server.url("/")), token);
  }

  /** Applies an object that declares a role for the service account cart. */
  void declare(String namespace, String role) {
    PodIdentityAssociation object = new PodIdentityAssociation();
    object.setMetadata(new ObjectMetaBuilder().withNamespace(namespace).withName(NAME).build());
    object.setSpec(
        new PodIdentityAssociationSpec("cart", ApiRig.role(role), null, null, null, null));
    client.resource(object).create();
  }

  /** Returns the object of a namespace. */
  Optional<PodIdentityAssociation> object(String namespace) {
    return Optional.ofNullable(resource(namespace).get());
  }

  void delete(String namespace) {
    resource(namespace).delete();
  }

  void awaitReason(String namespace, String reason) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                object(namespace)
                    .map(PodIdentityAssociation::getStatus)
                    .flatMap(PodIdentityAssociationStatus::ready)
                    .map(Condition::getReason)
                    .filter(Predicate.isEqual(reason))
                    .isPresent());
  }

  private Resource<PodIdentityAssociation> resource(String namespace) {
    return client.resources(PodIdentityAssociation.class).inNamespace(namespace).withName(NAME);
  }

  @Override
  public void close() {
    controller.close();
    client.close();
    server.destroy();
  }
}
