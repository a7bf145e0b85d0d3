package io.claviger.broker.adapter.peers;

import io.claviger.broker.association.TableDesk;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.TableQuestion;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;

/**
 * This broker's address for others that ask for its table, while it is deployed. Answers on a
 * worker thread, one question after the other.
 */
public final class TableDeskVerticle extends VerticleBase {

  private static final int MAX_WAITING = 64;
  private static final int MALFORMED = 400;
  private static final int FAILED = 500;
  private static final int TOO_MANY = 503;

  private final TableDesk desk;
  private final String nodeId;
  private int waiting;

  /**
   * A desk's address; deploy it.
   *
   * @param nodeId of this broker on the event bus
   */
  public TableDeskVerticle(TableDesk desk, String nodeId) {
    this.desk = desk;
    this.nodeId = nodeId;
  }

  /** Listens; completes once all members know of it. */
  @Override
  public Future<?> start() {
    return vertx
        .eventBus()
        .<String>consumer(BusProtocol.tableAddress(nodeId), this::answer)
        .completion();
  }

  private void answer(Message<String> message) {
    if (waiting >= MAX_WAITING) {
      message.fail(TOO_MANY, "too many ask for the table");
      return;
    }
    TableQuestion question;
    try {
      question = SchemaJson.read(message.body(), TableQuestion.class);
    } catch (SchemaJson.MalformedRecordException | ClassCastException e) {
      message.fail(MALFORMED, "no question for a table");
      return;
    }
    waiting++;
    vertx
        .executeBlocking(() -> SchemaJson.write(desk.answer(question)))
        .onComplete(
            answered -> {
              waiting--;
              if (answered.succeeded()) {
                message.reply(answered.result());
              } else {
                message.fail(FAILED, "failed");
              }
            });
  }
}
