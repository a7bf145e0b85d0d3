package io.claviger.broker.ingress.api;

import io.claviger.broker.identity.RequestSignatures.Signed;
import io.claviger.broker.ingress.api.ApiAnswer.Failed;
import io.claviger.config.lifecycle.UnexpectedFailures;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.ValidatableRequest;
import io.vertx.openapi.validation.ValidatedRequest;
import io.vertx.openapi.validation.ValidatorException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The contract's routes: signature, validation, operation, and the mapping of failures. */
final class ApiRouter {

  private final Context context;
  private final OpenAPIContract contract;
  private final ApiAuthenticator authenticator;
  private final ApiLimits limits;
  private final UnexpectedFailures failures = new UnexpectedFailures(System::nanoTime);

  private ApiRouter(
      Context context, OpenAPIContract contract, ApiAuthenticator authenticator, ApiLimits limits) {
    this.context = context;
    this.contract = contract;
    this.authenticator = authenticator;
    this.limits = limits;
  }

  /**
   * Builds the router.
   *
   * @param operations a handler for each of the contract's operation ids
   */
  static Router of(
      Vertx vertx,
      OpenAPIContract contract,
      Map<String, ApiOperation> operations,
      ApiAuthenticator authenticator,
      ApiLimits limits) {
    ApiRouter api = new ApiRouter(vertx.getOrCreateContext(), contract, authenticator, limits);
    RouterBuilder builder = RouterBuilder.create(vertx, contract, ApiRouter::extract);
    builder.rootHandler(authenticator::enter);
    for (OpenAPIRoute route : builder.getRoutes()) {
      String id = route.getOperation().getOperationId();
      ApiOperation operation = operations.get(id);
      if (operation == null) {
        throw new IllegalStateException("the contract's operation " + id + " has no handler");
      }
      // The root handler verifies the signature for all paths, even those without an operation.
      route.setDoSecurity(false).addHandler(routing -> api.run(routing, operation));
    }
    return builder
        .createRouter()
        .errorHandler(400, api::failed)
        .errorHandler(
            404, routing -> api.fail(routing, ApiAuthenticator.unknownOperation(routing.request())))
        .errorHandler(
            405,
            routing ->
                api.fail(
                    routing,
                    new Failed(
                        ApiErrors.METHOD_NOT_ALLOWED,
                        "the path does not support the method " + routing.request().method())))
        .errorHandler(500, api::failed);
  }

  private static Future<ValidatableRequest> extract(RoutingContext routing, Operation operation) {
    ApiExchange exchange = ApiExchange.of(routing);
    if (exchange == null || !exchange.isSigned()) {
      throw new IllegalStateException("the request has bypassed the authenticator");
    }
    exchange.operation(operation.getOperationId());
    if (!operation.getTags().contains(exchange.service().signingName())) {
      throw new IllegalStateException("signed for another service than the operation's");
    }
    return ContractRequests.of(routing.request(), operation, exchange.body());
  }

  private void run(RoutingContext routing, ApiOperation operation) {
    ApiExchange exchange = authenticator.exchange(routing);
    ValidatedRequest request = routing.get(RouterBuilder.KEY_META_DATA_VALIDATED_REQUEST);
    Signed signed = exchange.signed();
    ApiCall call = new ApiCall(signed.caller(), signed.keyStands(), request);
    Future.fromCompletionStage(operation.answer(call), context)
        .timeout(limits.deadline().toMillis(), TimeUnit.MILLISECONDS)
        .onSuccess(exchange::answer)
        .onFailure(routing::fail);
  }

  private void failed(RoutingContext routing) {
    switch (cause(routing.failure())) {
      case ValidatorException violation -> fail(routing, violation(routing, violation));
      case TimeoutException late ->
          fail(
              routing,
              ApiErrors.unavailable(
                  "the request timed out: retry; with the same clientRequestToken it is applied"
                      + " once"));
      // Without a failure, the router itself could not parse the path.
      case null -> fail(routing, ApiErrors.invalid("path", "malformed"));
      default -> {
        ApiExchange exchange = authenticator.exchange(routing);
        failures.saw("answering an API request", Objects.requireNonNull(routing.failure()));
        fail(routing, new Failed(exchange.service().serverFault(), "the broker failed to answer"));
      }
    }
  }

  private Failed violation(RoutingContext routing, ValidatorException violation) {
    ApiExchange exchange = authenticator.exchange(routing);
    return ContractViolations.of(
        violation, contract.operation(exchange.operation()), exchange.body());
  }

  /** Unwraps the router's own exception for a violation. */
  private static @Nullable Throwable cause(@Nullable Throwable failure) {
    return failure instanceof HttpException wrapped ? wrapped.getCause() : failure;
  }

  private void fail(RoutingContext routing, Failed failed) {
    authenticator.exchange(routing).answer(failed);
  }
}
