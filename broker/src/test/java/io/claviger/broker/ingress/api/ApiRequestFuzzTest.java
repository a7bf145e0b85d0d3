package io.claviger.broker.ingress.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.claviger.broker.association.AssociationCatalog;
import io.claviger.broker.association.AssociationWatches;
import io.claviger.broker.association.ChangeHistory;
import io.claviger.broker.association.DecidedLog;
import io.claviger.broker.association.ReadBarrier;
import io.claviger.broker.identity.ApiCaller;
import io.claviger.broker.ingress.api.ApiAnswer.Done;
import io.claviger.broker.ingress.api.ApiAnswer.Failed;
import io.claviger.broker.issuance.ClusterProfile;
import io.claviger.config.cluster.Sealer;
import io.claviger.config.cluster.SealingKeys;
import io.claviger.config.trust.TokenVerification;
import io.claviger.schemas.association.AssociationCommand.Create;
import io.claviger.schemas.association.AssociationOutcome.Accepted;
import io.claviger.schemas.association.AssociationSpec;
import io.claviger.schemas.association.TagScope;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.RequestValidator;
import io.vertx.openapi.validation.ValidatedRequest;
import io.vertx.openapi.validation.ValidatorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.provider.MethodSource;

/** API calls of an untrusted client with an access key. */
final class ApiRequestFuzzTest {

  private static final String CLUSTER = DecidedLog.CLUSTER;
  private static final String ARN = "arn:aws:eks:eu-central-1:123456789012:";
  private static final ClusterProfile PROFILE =
      new ClusterProfile(
          CLUSTER,
          ARN + "cluster/" + CLUSTER,
          "123456789012",
          "eu-central-1",
          TagScope.SERVICE_ACCOUNT);
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final AssociationSpec SPEC =
      new AssociationSpec(
          "shop",
          "cart",
          "arn:aws:iam::123456789012:role/cart",
          null,
          false,
          null,
          Map.of("team", "one"));
  private static final ReadBarrier REACHED =
      (cluster, timeout) -> CompletableFuture.completedFuture(ReadBarrier.Reach.REACHED);

  private static final Vertx VERTX = Vertx.vertx();
  private static final OpenAPIContract CONTRACT = await(ApiContract.load(VERTX));
  private static final RequestValidator VALIDATOR = RequestValidator.create(VERTX, CONTRACT);
  private static final Sealer PAGES = new Sealer(PageTokens.NAME, keys(), new SecureRandom());

  @AfterAll
  static void closeVertx() {
    await(VERTX.close());
  }

  static Stream<byte[]> requests() {
    String list = "/clusters/one/pod-identity-associations";
    String one = list + "/" + created(new DecidedLog());
    String tags =
        "/tags/"
            + (ARN + "podidentityassociation/one/" + created(new DecidedLog())).replace("/", "%2F");
    return Stream.of(
            "GET /clusters?maxResults=1&nextToken=AQFh\n\n",
            "GET /clusters/one\n\n",
            "GET " + list + "?namespace=shop&serviceAccount=cart&maxResults=2\n\n",
            "GET " + list + "?watch=true\nLast-Event-ID: 1-1\n\n",
            "GET " + one + "\n\n",
            "DELETE " + one + "\nIf-Match: \"1\"\n\n",
            "GET " + tags + "\n\n",
            "POST " + tags + "\n\n{\"tags\":{\"a\":\"b\"}}",
            "DELETE " + tags + "?tagKeys=a&tagKeys=b%26\n\n",
            "POST "
                + list
                + "\n\n{\"namespace\":\"shop\",\"serviceAccount\":\"x\",\"roleArn\":"
                + "\"arn:aws:iam::123456789012:role/x\",\"clientRequestToken\":\"t\",\"tags\":{\"a\":\"b\"},"
                + "\"disableSessionTags\":true,\"policy\":\"{}\"}",
            "POST " + one + "\n\n{\"targetRoleArn\":\"\",\"disableSessionTags\":true}",
            "POST /clusters/one/assume-role-for-pod-identity\n\n{\"token\":\"a.b.c\"}",
            "PUT /clusters/one/uid\n\n{\"uid\":\"0b5f1f0e-7c0a-4d39-9c5e-3f2b7e9b8a11\"}",
            "GET /clusters/one/revocations\n\n",
            "POST /clusters/one/revocations\n\n{\"kind\":\"workload\",\"name\":\"shop/cart\"}",
            "DELETE /clusters/one/revocations?kind=role&name=x\n\n")
        .map(request -> request.getBytes(ISO_8859_1));
  }

  /** A call that violates the contract gets a named error. No call gets a broker fault. */
  @MethodSource("requests")
  @FuzzTest
  void areAnsweredOrRefused(byte[] input) {
    String[] parts = new String(input, ISO_8859_1).split("\n\n", 2);
    List<String> lines = Arrays.asList(parts[0].split("\n", -1));
    String[] first = lines.getFirst().split(" ", 2);
    if (first[0].isEmpty()) {
      return;
    }
    String target = first[first.length - 1];
    int question = target.indexOf('?');
    String path = question < 0 ? target : target.substring(0, question);
    Operation operation = CONTRACT.findOperation(path, HttpMethod.valueOf(first[0]));
    if (operation == null) {
      return;
    }
    HttpServerRequest request =
        request(
            path,
            question < 0 ? null : target.substring(question + 1),
            lines.subList(1, lines.size()));
    Buffer body = Buffer.buffer(parts.length > 1 ? parts[1].getBytes(ISO_8859_1) : new byte[0]);

    Future<ValidatedRequest> validated =
        ended(
            ContractRequests.of(request, operation, body)
                .compose(given -> VALIDATOR.validate(given, operation.getOperationId())));
    if (validated.failed()) {
      assertThat(validated.cause()).isInstanceOf(ValidatorException.class);
      Failed failed =
          ContractViolations.of((ValidatorException) validated.cause(), operation, body);
      assertThat(failed.message()).isNotBlank();
      return;
    }
    ApiCall call = new ApiCall(new ApiCaller("tester", null), () -> true, validated.result());
    ApiOperation does = Objects.requireNonNull(operations().byId().get(operation.getOperationId()));
    ApiAnswer answer =
        does.answer(call).toCompletableFuture().orTimeout(5, TimeUnit.SECONDS).join();
    if (answer instanceof Done done) {
      assertThat(done.body().encode()).startsWith("{");
    }
  }

  private static ApiOperations operations() {
    DecidedLog log = new DecidedLog();
    String unused = created(log);
    return ApiOperations.of(
        new ApiOperations.Ports(
            Map.of(CLUSTER, PROFILE),
            List.of(
                new ClusterDescription(CLUSTER, PROFILE.arn(), "https://issuer.example.org", null)),
            log::grants,
            new AssociationCatalog(log.table, REACHED),
            new AssociationWatches(log.table, new ChangeHistory(1), REACHED),
            log,
            PAGES,
            (token, caller, priority) ->
                CompletableFuture.completedFuture(new TokenVerification.UnknownKey(null)),
            (workload, priority, minPosition, wait) -> new CompletableFuture<>(),
            () -> NOW,
            () -> new UUID(0, 0)));
  }

  /** The id of the existing association. It is fixed, because the log's randomness is. */
  private static String created(DecidedLog log) {
    return ((Accepted) log.ask(new Create(SPEC))).association().id();
  }

  private static HttpServerRequest request(
      String path, @Nullable String query, List<String> headers) {
    return (HttpServerRequest)
        Proxy.newProxyInstance(
            ApiRequestFuzzTest.class.getClassLoader(),
            new Class<?>[] {HttpServerRequest.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "path" -> path;
                  case "query" -> query;
                  case "getHeader" -> header(headers, (String) arguments[0]);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private static @Nullable String header(List<String> headers, String name) {
    return headers.stream()
        .filter(header -> header.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(header -> header.substring(name.length() + 1).strip())
        .findFirst()
        .orElse(null);
  }

  private static SealingKeys keys() {
    try {
      Path directory = Files.createTempDirectory("claviger-keys");
      Path key = directory.resolve("one.key");
      Path active = directory.resolve("active");
      Files.writeString(key, Base64.getEncoder().encodeToString(new byte[32]));
      Files.writeString(active, "one");
      SealingKeys keys = SealingKeys.open(directory);
      Files.delete(key);
      Files.delete(active);
      Files.delete(directory);
      return keys;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> Future<T> ended(Future<T> future) {
    await(future.otherwiseEmpty());
    return future;
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
