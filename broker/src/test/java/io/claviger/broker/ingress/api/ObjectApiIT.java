package io.claviger.broker.ingress.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.adapter.kafka.RunningKafka;
import io.claviger.broker.association.Grant;
import io.claviger.broker.association.Grants;
import io.claviger.broker.association.NamePattern;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.eks.model.InvalidRequestException;
import software.amazon.awssdk.services.eks.model.PodIdentityAssociationSummary;

/** Associations as Kubernetes objects and by the EKS API, over a real log. */
final class ObjectApiIT extends ApiCase {

  private ObjectRig objects;

  ObjectApiIT(RunningKafka kafka) {
    super(kafka);
  }

  @BeforeEach
  void startController(@TempDir Path directory) throws IOException {
    rig.grant(new Grants(List.of(Grant.ofEverything("key/" + ApiRig.ADMIN), ofObjects("shop"))));
    objects = new ObjectRig(member, cluster, directory);
  }

  private static Grant ofObjects(String namespace) {
    return new Grant(
        Grant.NAMESPACE + namespace,
        new NamePattern("*"),
        List.of(new NamePattern(namespace)),
        List.of(new NamePattern("*:role/" + namespace + "-*")),
        List.of(),
        false,
        false);
  }

  @AfterEach
  void stopController() {
    objects.close();
    rig.restore();
  }

  private List<PodIdentityAssociationSummary> listed() {
    return admin
        .listPodIdentityAssociations(request -> request.clusterName(cluster))
        .join()
        .associations();
  }

  private Throwable refusedUpdate(String id) {
    return ApiRig.failure(
        () ->
            admin.updatePodIdentityAssociation(
                request ->
                    request
                        .clusterName(cluster)
                        .associationId(id)
                        .roleArn(ApiRig.role("shop-writer"))));
  }

  @Test
  void showsTheAssociationOfAnObjectThroughTheApiAndLetsTheObjectAloneChangeIt() {
    objects.declare("shop", "shop-reader");
    objects.awaitReason("shop", "Associated");

    PodIdentityAssociationSummary one = listed().getFirst();
    assertThat(one.serviceAccount()).isEqualTo("cart");
    assertThat(one.ownerArn()).endsWith("/namespace/shop");
    assertThat(objects.object("shop").orElseThrow().getStatus().associationArn())
        .isEqualTo(one.associationArn());
    assertThat(refusedUpdate(one.associationId()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("change that object");

    objects.delete("shop");

    await().until(() -> objects.object("shop").isEmpty());
    assertThat(listed()).isEmpty();
  }

  @Test
  void givesANamespaceNoRoleOfAnotherOne() {
    objects.declare("shop", "bank-vault");
    objects.declare("mallory", "shop-reader");

    objects.awaitReason("shop", "RoleNotPermitted");
    objects.awaitReason("mallory", "RoleNotPermitted");
    assertThat(listed()).isEmpty();
  }

  @Test
  void leavesToTheApiWhatTheApiHasMade() {
    create("shop", "cart");
    objects.declare("shop", "shop-writer");

    objects.awaitReason("shop", "Conflict");
    assertThat(listed()).singleElement().satisfies(one -> assertThat(one.ownerArn()).isNull());
  }
}
