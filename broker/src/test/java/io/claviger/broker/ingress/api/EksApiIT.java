package io.claviger.broker.ingress.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.broker.adapter.kafka.RunningKafka;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.eks.EksAsyncClient;
import software.amazon.awssdk.services.eks.model.EksException;
import software.amazon.awssdk.services.eks.model.InvalidParameterException;
import software.amazon.awssdk.services.eks.model.InvalidRequestException;
import software.amazon.awssdk.services.eks.model.PodIdentityAssociation;
import software.amazon.awssdk.services.eks.model.PodIdentityAssociationSummary;
import software.amazon.awssdk.services.eks.model.ResourceInUseException;
import software.amazon.awssdk.services.eks.model.ResourceNotFoundException;

/** A broker's EKS API with AWS's SDK, over HTTP and a real log. */
final class EksApiIT extends ApiCase {

  EksApiIT(RunningKafka kafka) {
    super(kafka);
  }

  @Test
  void createsAndDescribesAnAssociation() {
    Instant before = Instant.now().minusMillis(1);

    PodIdentityAssociation created =
        admin
            .createPodIdentityAssociation(
                request("shop", "cart").tags(Map.of("team", "one")).build())
            .join()
            .association();

    assertThat(created.associationId()).matches("a-[a-z0-9]{17}");
    assertThat(created.associationArn())
        .isEqualTo(
            "arn:aws:eks:eu-central-1:123456789012:podidentityassociation/"
                + cluster
                + "/"
                + created.associationId());
    assertThat(created.clusterName()).isEqualTo(cluster);
    assertThat(created.namespace()).isEqualTo("shop");
    assertThat(created.serviceAccount()).isEqualTo("cart");
    assertThat(created.roleArn()).isEqualTo(ApiRig.role("shop-reader"));
    assertThat(created.tags()).containsExactly(Map.entry("team", "one"));
    assertThat(created.createdAt()).isBetween(before, Instant.now());
    assertThat(created.modifiedAt()).isEqualTo(created.createdAt());
    assertThat(created.ownerArn()).isNull();
    assertThat(created.disableSessionTags()).isFalse();
    assertThat(describe(created.associationId())).isEqualTo(created);
  }

  private PodIdentityAssociation describe(String id) {
    return admin
        .describePodIdentityAssociation(r -> r.clusterName(cluster).associationId(id))
        .join()
        .association();
  }

  @Test
  void livesThroughTheWholeLifeOfAnAssociation() {
    PodIdentityAssociation created = create("shop", "cart");
    String id = created.associationId();
    String arn = created.associationArn();

    PodIdentityAssociation updated =
        admin
            .updatePodIdentityAssociation(
                r ->
                    r.clusterName(cluster)
                        .associationId(id)
                        .roleArn(ApiRig.role("shop-writer"))
                        .targetRoleArn("arn:aws:iam::999999999999:role/there"))
            .join()
            .association();
    assertThat(updated.roleArn()).isEqualTo(ApiRig.role("shop-writer"));
    assertThat(updated.targetRoleArn()).isEqualTo("arn:aws:iam::999999999999:role/there");
    assertThat(describe(id)).isEqualTo(updated);

    admin.tagResource(r -> r.resourceArn(arn).tags(Map.of("a+b", "1", "c&d=e", "2"))).join();
    assertThat(tags(arn)).containsOnly(Map.entry("a+b", "1"), Map.entry("c&d=e", "2"));
    admin.untagResource(r -> r.resourceArn(arn).tagKeys("c&d=e", "not there")).join();
    assertThat(tags(arn)).containsOnly(Map.entry("a+b", "1"));

    PodIdentityAssociation deleted =
        admin
            .deletePodIdentityAssociation(r -> r.clusterName(cluster).associationId(id))
            .join()
            .association();
    assertThat(deleted.associationId()).isEqualTo(id);
    assertThat(
            ApiRig.failure(
                () ->
                    admin.describePodIdentityAssociation(
                        r -> r.clusterName(cluster).associationId(id))))
        .isInstanceOf(ResourceNotFoundException.class);
    assertThat(list()).isEmpty();
  }

  private Map<String, String> tags(String arn) {
    return admin.listTagsForResource(r -> r.resourceArn(arn)).join().tags();
  }

  private List<PodIdentityAssociationSummary> list() {
    return admin.listPodIdentityAssociations(r -> r.clusterName(cluster)).join().associations();
  }

  @Test
  void namesTheAssociationThatIsThereAlready() {
    String id = create("shop", "cart").associationId();

    assertThat(
            ApiRig.failure(
                () -> admin.createPodIdentityAssociation(request("shop", "cart").build())))
        .isInstanceOfSatisfying(
            ResourceInUseException.class,
            e ->
                assertThat(e.awsErrorDetails().errorMessage())
                    .isEqualTo("Association already exists: " + id));
  }

  @Test
  void refusesARoleBeyondTheGrantAndNamesWhatIsMissing() {
    assertThat(
            ApiRig.failure(
                () ->
                    team.createPodIdentityAssociation(
                        request("shop", "cart").roleArn(ApiRig.role("admin")).build())))
        .isInstanceOfSatisfying(
            EksException.class,
            e -> {
              assertThat(e.statusCode()).isEqualTo(403);
              assertThat(e.awsErrorDetails().errorCode()).isEqualTo("AccessDeniedException");
              assertThat(e.awsErrorDetails().errorMessage())
                  .contains("key/team", ApiRig.role("admin"));
            });
  }

  @Test
  void givesTheFirstAnswerAgainForTheSameTokenAndRefusesItWithAnotherInput() {
    String token = UUID.randomUUID().toString();
    var request = request("shop", "cart").clientRequestToken(token).build();
    var first = admin.createPodIdentityAssociation(request).join();

    assertThat(admin.createPodIdentityAssociation(request).join().association())
        .isEqualTo(first.association());
    assertThat(
            ApiRig.failure(
                () ->
                    admin.createPodIdentityAssociation(
                        request.toBuilder().serviceAccount("other").build())))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void namesTheFieldThatIsWrong() {
    assertThat(
            ApiRig.failure(
                () -> admin.createPodIdentityAssociation(request("Shop", "cart").build())))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("namespace");
    assertThat(
            ApiRig.failure(
                () ->
                    admin.listPodIdentityAssociations(r -> r.clusterName(cluster).maxResults(101))))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("maxResults");
    assertThat(
            ApiRig.failure(
                () ->
                    admin.createPodIdentityAssociation(
                        request("shop", "cart").policy("{}").build())))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("policy");
    assertThatThrownBy(() -> admin.listPodIdentityAssociations(r -> r.clusterName("a b/c")).join())
        .hasCauseInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("clusterName");
  }

  @Test
  void showsAtEveryBrokerWhatAnotherHasAnswered() {
    EksAsyncClient other = rig.client(rig.member("api-2"), ApiRig.ADMIN);
    for (int i = 0; i < 10; i++) {
      String id = create("shop", "sa-" + i).associationId();
      assertThat(
              other
                  .describePodIdentityAssociation(r -> r.clusterName(cluster).associationId(id))
                  .join()
                  .association()
                  .associationId())
          .isEqualTo(id);
      assertThat(
              other.listPodIdentityAssociations(r -> r.clusterName(cluster)).join().associations())
          .hasSize(i + 1);
    }
  }
}
