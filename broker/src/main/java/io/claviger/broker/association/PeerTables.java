package io.claviger.broker.association;

import io.claviger.schemas.bus.TableQuestion;
import io.claviger.schemas.bus.TableReply;
import java.util.concurrent.CompletionStage;

/** Other brokers' tables: the port. */
@FunctionalInterface
public interface PeerTables {

  /** Asks one broker; fails within a deadline when it does not answer. */
  CompletionStage<TableReply> ask(String nodeId, TableQuestion question);
}
