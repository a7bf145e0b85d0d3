package io.claviger.broker.adapter.peers;

import io.claviger.broker.issuance.OwnerHandler;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.OpenResult;
import io.claviger.schemas.bus.OpenSession;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives other brokers' requests to open sessions, while it is deployed. A request for a sign of
 * life gets its reply before its body is parsed. Otherwise the slow first work of a cold or loaded
 * broker would look like silence.
 */
public final class OwnerVerticle extends VerticleBase {

  /** The body of a probe, as {@link PeerProbe} sends it. */
  static final String PROBE = "";

  /** Reply to a probe: this broker can open sessions. */
  static final String SERVING = "";

  /** Reply to a probe: this broker cannot open sessions yet. */
  static final String STARTING = "starting";

  /** Header of a request for an immediate sign of life; its session is opened after the reply. */
  static final String SIGN_OF_LIFE = "claviger-sign-of-life";

  private static final String WORKING = SchemaJson.write(new OpenResult.Working());
  private static final Logger LOG = LoggerFactory.getLogger(OwnerVerticle.class);
  private static final int MALFORMED = 400;
  private static final int FAILED = 500;

  private final OwnerHandler handler;
  private final BooleanSupplier serves;
  private final String nodeId;
  private final Executor work;

  /**
   * Listens once it is deployed.
   *
   * @param serves whether this broker can open sessions now
   * @param nodeId of this broker on the event bus
   * @param work runs the opening of sessions after a sign of life; not this event loop
   */
  public OwnerVerticle(OwnerHandler handler, BooleanSupplier serves, String nodeId, Executor work) {
    this.handler = handler;
    this.serves = serves;
    this.nodeId = nodeId;
    this.work = work;
  }

  /** Listens; completes once every broker has the registration. */
  @Override
  public Future<?> start() {
    return vertx
        .eventBus()
        .<String>consumer(BusProtocol.ownerAddress(nodeId), this::answer)
        .completion();
  }

  private void answer(Message<String> message) {
    if (message.body().equals(PROBE)) {
      message.reply(serves.getAsBoolean() ? SERVING : STARTING);
      return;
    }
    if (message.headers().contains(SIGN_OF_LIFE)) {
      message.reply(WORKING);
      work.execute(() -> begin(message.body()));
      return;
    }
    OpenSession request;
    try {
      request = SchemaJson.read(message.body(), OpenSession.class);
    } catch (SchemaJson.MalformedRecordException e) {
      message.fail(MALFORMED, e.getMessage());
      return;
    }
    handler
        .open(request)
        .whenComplete(
            (reply, failure) -> {
              if (failure == null) {
                message.reply(SchemaJson.write(reply));
              } else {
                message.reply(new ReplyException(ReplyFailure.RECIPIENT_FAILURE, FAILED, "failed"));
              }
            });
  }

  /**
   * The next request joins this opening. If the request is malformed, the reply to the next one
   * reports it.
   */
  private void begin(String request) {
    try {
      var unused = handler.open(SchemaJson.read(request, OpenSession.class));
    } catch (SchemaJson.MalformedRecordException e) {
      LOG.atDebug().log("another broker's request is malformed");
    }
  }
}
