package io.claviger.broker.adapter.kafka;

import io.claviger.broker.association.AssociationCommands;
import io.claviger.broker.association.InputHash;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationOutcome;
import io.claviger.schemas.association.Topics;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.producer.KafkaWriteStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Sends commands and waits for their outcomes, which it reads from the end of the outcomes topic.
 * Kafka may be unavailable when it is created; commands then wait, within their deadline.
 */
public final class CommandSender implements AssociationCommands {

  private static final int MAX_PENDING = 10_000;
  private static final long CLOSE_MILLIS = 1_000;
  private static final String CLOSING = "the sender is closing";

  private final Vertx vertx;
  private final Context context;
  private final KafkaClients clients;
  private final Duration deadline;
  private final TopicReader reader;
  private final Map<Request, List<Promise<AssociationOutcome>>> pending = new HashMap<>();
  private final Promise<Void> listening = Promise.promise();
  private int waiting;
  private boolean closing;
  private @Nullable Future<KafkaWriteStream<byte[], byte[]>> producer;

  /**
   * Identifies the request of an outcome. If two inputs share one token, each requester gets its
   * own answer.
   */
  private record Request(String recordKey, String inputHash) {}

  /**
   * Creates a sender that is not started.
   *
   * @param deadline from the request to the outcome
   */
  public CommandSender(Vertx vertx, KafkaClients clients, Duration deadline) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.clients = clients;
    this.deadline = deadline;
    this.reader =
        new TopicReader(
            vertx,
            context,
            clients.reader("outcomes"),
            Topics.OUTCOMES,
            Topics.PARTITIONS,
            TopicReader.From.END,
            new Outcomes());
  }

  /** Starts to listen for outcomes; Kafka may be unavailable. */
  public void start() {
    context.runOnContext(v -> reader.open());
  }

  /** Stops; waiting requests fail. */
  public Future<Void> close() {
    Promise<Void> closed = Promise.promise();
    context.runOnContext(
        v -> {
          closing = true;
          List.copyOf(pending.values()).forEach(promises -> fail(promises, CLOSING));
          Future<Void> sent =
              producer == null
                  ? Future.succeededFuture()
                  : producer.compose(stream -> Producers.close(vertx, stream, CLOSE_MILLIS));
          sent.eventually(reader::close).onComplete(closed);
        });
    return closed.future();
  }

  @Override
  public CompletionStage<AssociationOutcome> send(AssociationCommand command) {
    Promise<AssociationOutcome> outcome = Promise.promise();
    context.runOnContext(v -> send(command, outcome));
    return outcome.future().toCompletionStage();
  }

  private void send(AssociationCommand command, Promise<AssociationOutcome> outcome) {
    if (closing) {
      outcome.fail(new UndecidedException(CLOSING));
      return;
    }
    if (waiting >= MAX_PENDING) {
      outcome.fail(new UndecidedException("too many commands are waiting for their outcome"));
      return;
    }
    Request request =
        new Request(
            AssociationOutcome.recordKey(command.cluster(), command.clientRequestToken()),
            InputHash.of(command));
    waiting++;
    pending.computeIfAbsent(request, r -> new ArrayList<>()).add(outcome);
    long timer =
        vertx.setTimer(
            deadline.toMillis(),
            t -> fail(List.of(outcome), "no outcome within " + deadline.toMillis() + " ms"));
    outcome
        .future()
        .onComplete(
            done -> {
              vertx.cancelTimer(timer);
              waiting--;
              forget(request, outcome);
            });
    listening
        .future()
        .compose(v -> producer())
        .compose(stream -> stream.send(LogRecords.of(command)))
        .onFailure(e -> fail(List.of(outcome), "the command could not be sent: " + e.getMessage()));
  }

  private Future<KafkaWriteStream<byte[], byte[]>> producer() {
    Future<KafkaWriteStream<byte[], byte[]>> current = producer;
    if (current == null || current.failed()) {
      current =
          context.executeBlocking(
              () -> KafkaWriteStream.create(vertx, clients.producer("commands")));
      producer = current;
    }
    return current;
  }

  private void forget(Request request, Promise<AssociationOutcome> outcome) {
    List<Promise<AssociationOutcome>> promises = pending.get(request);
    if (promises != null && promises.remove(outcome) && promises.isEmpty()) {
      pending.remove(request);
    }
  }

  private void fail(List<Promise<AssociationOutcome>> promises, String message) {
    UndecidedException undecided = new UndecidedException(message);
    List.copyOf(promises).forEach(promise -> context.runOnContext(v -> promise.tryFail(undecided)));
  }

  /** Receives the outcomes. */
  private final class Outcomes implements TopicReader.Sink {
    @Override
    public void opened() {
      // After a reopening, waiting requests get no answer and reach their deadline.
      listening.tryComplete();
    }

    @Override
    public void record(ConsumerRecord<byte[], byte[]> record) {
      if (pending.isEmpty() || record.value() == null) {
        return;
      }
      AssociationOutcome outcome;
      try {
        outcome = SchemaJson.read(record.value(), AssociationOutcome.class);
      } catch (SchemaJson.MalformedRecordException e) {
        return;
      }
      List<Promise<AssociationOutcome>> promises =
          pending.get(new Request(outcome.recordKey(), outcome.inputHash()));
      if (promises != null) {
        List.copyOf(promises).forEach(promise -> promise.tryComplete(outcome));
      }
    }
  }
}
