package io.claviger.mesh.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.association.Grant;
import io.claviger.broker.association.Grants;
import io.claviger.broker.association.NamePattern;
import io.claviger.mesh.log.KafkaFixture;
import io.claviger.mesh.log.RunningKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eks.EksAsyncClient;
import software.amazon.awssdk.services.eks.model.CreatePodIdentityAssociationRequest;
import software.amazon.awssdk.services.eks.model.EksException;
import software.amazon.awssdk.services.eks.model.InvalidParameterException;
import software.amazon.awssdk.services.eks.model.InvalidRequestException;
import software.amazon.awssdk.services.eks.model.PodIdentityAssociation;
import software.amazon.awssdk.services.eks.model.PodIdentityAssociationSummary;
import software.amazon.awssdk.services.eks.model.ResourceInUseException;
import software.amazon.awssdk.services.eks.model.ResourceNotFoundException;

/** The EKS API of a broker as AWS's own SDK speaks it, over HTTP and a real log. */
@ExtendWith(KafkaFixture.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EksApiIT {

  private static final String TEAM = "team";
  private static final Grants GRANTS =
      new Grants(
          List.of(
              Grant.ofEverything("key/admin"),
              new Grant(
                  "key/" + TEAM,
                  new NamePattern("*"),
                  List.of(new NamePattern("shop")),
                  List.of(new NamePattern("*:role/shop-*")),
                  List.of(),
                  false)));

  private final String bootstrapServers;
  private final List<String> clusters =
      IntStream.range(0, 40).mapToObj(i -> i + "-" + UUID.randomUUID()).toList();
  private final Iterator<String> unused = clusters.iterator();
  private final List<EksAsyncClient> clients = new ArrayList<>();
  private String cluster = "";
  private Path sealingKeys;
  private ApiMember member;
  private EksAsyncClient admin;
  private EksAsyncClient team;

  EksApiIT(RunningKafka kafka) {
    bootstrapServers = kafka.bootstrapServers();
  }

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    sealingKeys = directory;
    Files.writeString(
        sealingKeys.resolve("one.key"), Base64.getEncoder().encodeToString(new byte[32]));
    Files.writeString(sealingKeys.resolve("active"), "one");
    member = startMember("api-1");
    admin = client(member, "admin");
    team = client(member, TEAM);
  }

  @BeforeEach
  void takeAnUnusedCluster() {
    cluster = unused.next();
  }

  @AfterAll
  void stop() {
    clients.forEach(EksAsyncClient::close);
    member.close();
  }

  private ApiMember startMember(String name) {
    ApiMember started =
        ApiMember.start(
            bootstrapServers,
            name,
            Set.copyOf(clusters),
            () -> GRANTS,
            new PresentedKeys(),
            sealingKeys);
    await().atMost(Duration.ofSeconds(20)).until(started::caughtUp);
    return started;
  }

  private EksAsyncClient client(ApiMember of, String key) {
    EksAsyncClient client =
        EksAsyncClient.builder()
            .endpointOverride(of.endpoint())
            .region(Region.of(ApiMember.REGION))
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create(key, "secret")))
            .build();
    clients.add(client);
    return client;
  }

  private static String role(String name) {
    return "arn:aws:iam::" + ApiMember.ACCOUNT + ":role/" + name;
  }

  private CreatePodIdentityAssociationRequest.Builder request(
      String namespace, String serviceAccount) {
    return CreatePodIdentityAssociationRequest.builder()
        .clusterName(cluster)
        .namespace(namespace)
        .serviceAccount(serviceAccount)
        .roleArn(role("shop-reader"));
  }

  private PodIdentityAssociation create(String namespace, String serviceAccount) {
    return admin
        .createPodIdentityAssociation(request(namespace, serviceAccount).build())
        .join()
        .association();
  }

  /** What a call that is refused ends with. */
  private static Throwable failure(Supplier<CompletableFuture<?>> call) {
    return call.get().handle((answer, failure) -> failure.getCause()).join();
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
    assertThat(created.roleArn()).isEqualTo(role("shop-reader"));
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
                        .roleArn(role("shop-writer"))
                        .targetRoleArn("arn:aws:iam::999999999999:role/there"))
            .join()
            .association();
    assertThat(updated.roleArn()).isEqualTo(role("shop-writer"));
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
            failure(
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
  void listsPageByPageWhatTheFiltersAndTheGrantsLetThrough() {
    for (int i = 0; i < 7; i++) {
      create("shop", "sa-" + i);
    }
    create("bank", "sa-1");
    create("shops", "sa-1");

    assertThat(paged(admin, null, null, 2))
        .containsExactly(
            "bank/sa-1",
            "shop/sa-0",
            "shop/sa-1",
            "shop/sa-2",
            "shop/sa-3",
            "shop/sa-4",
            "shop/sa-5",
            "shop/sa-6",
            "shops/sa-1");
    assertThat(paged(admin, "shop", null, 3)).hasSize(7).allMatch(key -> key.startsWith("shop/"));
    assertThat(paged(admin, null, "sa-1", 1))
        .containsExactly("bank/sa-1", "shop/sa-1", "shops/sa-1");
    assertThat(paged(admin, "shop", "sa-1", 1)).containsExactly("shop/sa-1");
    assertThat(paged(team, null, null, 3)).hasSize(7).allMatch(key -> key.startsWith("shop/"));
  }

  private List<String> paged(
      EksAsyncClient client,
      @Nullable String namespace,
      @Nullable String serviceAccount,
      int pageSize) {
    List<String> keys = new ArrayList<>();
    client
        .listPodIdentityAssociationsPaginator(
            r ->
                r.clusterName(cluster)
                    .namespace(namespace)
                    .serviceAccount(serviceAccount)
                    .maxResults(pageSize))
        .associations()
        .subscribe(each -> keys.add(each.namespace() + "/" + each.serviceAccount()))
        .join();
    return keys;
  }

  @Test
  void namesTheAssociationThatIsThereAlready() {
    String id = create("shop", "cart").associationId();

    assertThat(failure(() -> admin.createPodIdentityAssociation(request("shop", "cart").build())))
        .isInstanceOfSatisfying(
            ResourceInUseException.class,
            e ->
                assertThat(e.awsErrorDetails().errorMessage())
                    .isEqualTo("Association already exists: " + id));
  }

  @Test
  void refusesARoleBeyondTheGrantAndNamesWhatIsMissing() {
    assertThat(
            failure(
                () ->
                    team.createPodIdentityAssociation(
                        request("shop", "cart").roleArn(role("admin")).build())))
        .isInstanceOfSatisfying(
            EksException.class,
            e -> {
              assertThat(e.statusCode()).isEqualTo(403);
              assertThat(e.awsErrorDetails().errorCode()).isEqualTo("AccessDeniedException");
              assertThat(e.awsErrorDetails().errorMessage()).contains("key/team", role("admin"));
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
            failure(
                () ->
                    admin.createPodIdentityAssociation(
                        request.toBuilder().serviceAccount("other").build())))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void namesTheFieldThatIsWrong() {
    assertThat(failure(() -> admin.createPodIdentityAssociation(request("Shop", "cart").build())))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("namespace");
    assertThat(
            failure(
                () ->
                    admin.listPodIdentityAssociations(r -> r.clusterName(cluster).maxResults(101))))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("maxResults");
    assertThat(
            failure(
                () ->
                    admin.createPodIdentityAssociation(
                        request("shop", "cart").policy("{}").build())))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("policy");
    assertThatThrownBy(() -> admin.listPodIdentityAssociations(r -> r.clusterName("a b/c")).join())
        .hasCauseInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("clusterName");
  }
}
