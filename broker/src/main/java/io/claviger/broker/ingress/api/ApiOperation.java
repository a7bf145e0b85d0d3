package io.claviger.broker.ingress.api;

import java.util.concurrent.CompletionStage;

/** An operation of the contract. */
@FunctionalInterface
interface ApiOperation {

  /** Runs the operation. An exceptional completion is a broker fault. */
  CompletionStage<ApiAnswer> answer(ApiCall call);
}
