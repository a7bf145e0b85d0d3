package io.claviger.broker.ingress.api;

import java.util.concurrent.CompletionStage;

/** One operation of the contract. */
@FunctionalInterface
interface ApiOperation {

  /** Does it; a failure is this broker's own fault. */
  CompletionStage<ApiAnswer> answer(ApiCall call);
}
