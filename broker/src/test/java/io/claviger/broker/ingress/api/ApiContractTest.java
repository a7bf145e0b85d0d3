package io.claviger.broker.ingress.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import java.nio.file.Path;
import java.util.List;
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
    assertThat(TestOperations.of(keys, command -> new CompletableFuture<>()).byId())
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
}
