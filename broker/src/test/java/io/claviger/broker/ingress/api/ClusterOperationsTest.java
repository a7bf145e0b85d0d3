package io.claviger.broker.ingress.api;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.association.Grant;
import io.claviger.broker.association.Grants;
import io.claviger.broker.association.NamePattern;
import io.claviger.broker.identity.ApiCaller;
import io.claviger.broker.ingress.api.ApiAnswer.Done;
import io.claviger.broker.ingress.api.ApiAnswer.Failed;
import io.claviger.broker.issuance.ClusterProfile;
import io.claviger.config.cluster.Sealer;
import io.claviger.config.cluster.SealingKeys;
import io.claviger.schemas.association.TagScope;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.impl.RequestParameterImpl;
import io.vertx.openapi.validation.impl.ValidatedRequestImpl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClusterOperationsTest {

  private static final List<String> NAMES = List.of("prod-2", "test-1", "prod-10", "prod-1");
  private static final Grants GRANTS =
      new Grants(List.of(Grant.ofEverything("key/admin"), prodOnly("key/team")));

  @TempDir private Path keys = Path.of("");
  private ClusterOperations clusters;

  private static Grant prodOnly(String principal) {
    return new Grant(
        principal,
        new NamePattern("prod-*"),
        List.of(new NamePattern("shop")),
        List.of(),
        List.of(),
        false,
        false);
  }

  private static ClusterProfile profile(String name) {
    return new ClusterProfile(
        name, "arn:of/" + name, "111122223333", "cn-north-1", TagScope.SERVICE_ACCOUNT);
  }

  @BeforeEach
  void register() throws Exception {
    Files.writeString(keys.resolve("one.key"), Base64.getEncoder().encodeToString(new byte[32]));
    Files.writeString(keys.resolve("active"), "one");
    AssociationArns arns =
        new AssociationArns(
            NAMES.stream().collect(toMap(Function.identity(), ClusterOperationsTest::profile)));
    ClusterAccess access = new ClusterAccess(arns, () -> GRANTS);
    clusters =
        new ClusterOperations(
            NAMES.stream()
                .map(name -> new ClusterDescription(name, "arn:of/" + name, "https://i", null))
                .toList(),
            access,
            new PageTokens(
                new Sealer(PageTokens.NAME, SealingKeys.open(keys), new SecureRandom()),
                InstantSource.system()),
            new ApiCommands(
                access,
                command -> new CompletableFuture<>(),
                InstantSource.system(),
                UUID::randomUUID));
  }

  private static ApiCall call(String key, Map<String, Object> query, String cluster) {
    Map<String, RequestParameter> parameters = new HashMap<>();
    query.forEach((name, value) -> parameters.put(name, new RequestParameterImpl(value)));
    return new ApiCall(
        new ApiCaller(key, null),
        () -> true,
        new ValidatedRequestImpl(
            Map.of(),
            Map.of(),
            Map.of("clusterName", new RequestParameterImpl(cluster)),
            parameters,
            new RequestParameterImpl(null)));
  }

  private ApiAnswer list(String key, int maxResults, @Nullable String nextToken) {
    Map<String, Object> query = new HashMap<>(Map.of("maxResults", maxResults));
    if (nextToken != null) {
      query.put("nextToken", nextToken);
    }
    return clusters.list(call(key, query, "")).toCompletableFuture().join();
  }

  private ApiAnswer describe(String key, String cluster) {
    return clusters.describe(call(key, Map.of(), cluster)).toCompletableFuture().join();
  }

  private static JsonObject body(ApiAnswer answer) {
    return ((Done) answer).body();
  }

  private List<String> paged(String key, int maxResults) {
    List<String> names = new ArrayList<>();
    String token = null;
    do {
      JsonObject page = body(list(key, maxResults, token));
      List<String> these = page.getJsonArray("clusters").stream().map(String::valueOf).toList();
      assertThat(these).hasSizeLessThanOrEqualTo(maxResults);
      names.addAll(these);
      token = page.getString("nextToken");
    } while (token != null);
    return names;
  }

  @Test
  void listPageByPageTheClustersThatTheCallerHasAGrantIn() {
    for (int size : new int[] {1, 2, 3, 4, 100}) {
      assertThat(paged("admin", size)).containsExactly("prod-1", "prod-10", "prod-2", "test-1");
      assertThat(paged("team", size)).containsExactly("prod-1", "prod-10", "prod-2");
      assertThat(paged("nobody", size)).isEmpty();
    }
  }

  @Test
  void refuseATokenOfAnotherCallersList() {
    String token = body(list("admin", 1, null)).getString("nextToken");

    assertThat(list("team", 1, token))
        .isInstanceOfSatisfying(
            Failed.class, failed -> assertThat(failed.message()).startsWith("nextToken: "));
  }

  @Test
  void describeAClusterToWhoHasAGrantInIt() {
    assertThat(body(describe("team", "prod-1")).encode())
        .isEqualTo(
            "{\"cluster\":{\"name\":\"prod-1\",\"arn\":\"arn:of/prod-1\",\"createdAt\":0,"
                + "\"endpoint\":null,\"identity\":{\"oidc\":{\"issuer\":\"https://i\"}},"
                + "\"status\":\"ACTIVE\",\"tags\":{}}}");
  }

  @Test
  void tellNothingToWhoHasNone() {
    assertThat(Stream.of(describe("team", "test-1"), describe("nobody", "prod-1")))
        .allSatisfy(
            answer ->
                assertThat(answer)
                    .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo("AccessDeniedException")));
  }
}
