package io.claviger.broker.ingress.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.association.AssociationCatalog;
import io.claviger.broker.association.AssociationTable;
import io.claviger.broker.association.AssociationWatches;
import io.claviger.broker.association.ChangeHistory;
import io.claviger.broker.association.Grants;
import io.claviger.broker.association.LogEnd.Reach;
import io.claviger.broker.ingress.IdentityRefusals;
import io.claviger.config.cluster.Sealer;
import io.claviger.config.cluster.SealingKeys;
import io.vertx.core.Vertx;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ApiContractTest {

  private final Vertx vertx = Vertx.vertx();
  private final List<Operation> operations = contract().operations();

  @AfterEach
  void closeVertx() {
    vertx.close();
  }

  private OpenAPIContract contract() {
    return ApiContract.load(vertx)
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(20, TimeUnit.SECONDS)
        .join();
  }

  @Test
  void describesExactlyTheOperationsThatAreHandled(@TempDir Path keys) throws Exception {
    assertThat(handled(keys))
        .containsOnlyKeys(operations.stream().map(Operation::getOperationId).toList());
  }

  @Test
  void tagsEveryOperationWithTheServiceThatItsPathIsSignedFor() {
    assertThat(operations)
        .allSatisfy(
            operation ->
                assertThat(operation.getTags())
                    .containsExactly(
                        AwsService.of(operation.getAbsoluteOpenAPIPath()).signingName()));
  }

  private static Map<String, ApiOperation> handled(Path keys) throws Exception {
    Files.writeString(keys.resolve("one.key"), Base64.getEncoder().encodeToString(new byte[32]));
    Files.writeString(keys.resolve("active"), "one");
    return ApiOperations.of(
            new ApiOperations.Ports(
                Map.of(),
                () -> Grants.NONE,
                new AssociationCatalog(
                    new AssociationTable(1),
                    cluster -> CompletableFuture.completedFuture(Reach.REACHED)),
                new AssociationWatches(
                    new AssociationTable(1),
                    new ChangeHistory(1),
                    cluster -> CompletableFuture.completedFuture(Reach.REACHED)),
                command -> new CompletableFuture<>(),
                new Sealer(PageTokens.NAME, SealingKeys.open(keys), new SecureRandom()),
                (token, caller) -> new CompletableFuture<>(),
                (workload, lane, floor) -> new CompletableFuture<>(),
                new IdentityRefusals(event -> {}, "b1", InstantSource.system(), () -> 0),
                InstantSource.system(),
                UUID::randomUUID))
        .byId();
  }
}
