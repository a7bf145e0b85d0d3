package io.claviger.broker.adapter.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.adapter.kafka.KafkaClients.GroupProtocol;
import io.claviger.broker.telemetry.LogMeters;
import io.claviger.schemas.association.AssociationOutcome;
import io.claviger.schemas.association.AssociationOutcome.Accepted;
import io.claviger.schemas.association.Topics;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.EndTxnRequest;
import org.apache.kafka.common.requests.EndTxnResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A writer's request to end its transaction, delayed by the network until another transaction of
 * the same partition has started.
 */
@ExtendWith(KafkaFixture.class)
@Timeout(90)
final class LateEndTransactionIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final RunningKafka kafka;
  private final String cluster = Asked.newCluster();
  private final String id = "claviger-log-writer-p" + ClusterPartition.of(cluster);
  private Admin admin;

  LateEndTransactionIT(RunningKafka kafka) {
    this.kafka = kafka;
  }

  @BeforeEach
  void open() {
    admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
  }

  @AfterEach
  void close() {
    admin.close();
  }

  @Test
  void endsNoTransactionOfTheWriterThatHasReplacedIt() throws Exception {
    TransactionDescription replaced;
    try (LogMember first = writer("first", InstantSource.system())) {
      replaced = ofThePartition();
      first.accepted(Asked.create(cluster, "before"));
    }
    BlockingClock clock = new BlockingClock(2);
    try (LogMember second = writer("second", clock)) {
      CompletableFuture<AssociationOutcome> one = second.send(Asked.create(cluster, "cart"));
      CompletableFuture<AssociationOutcome> other = second.send(Asked.create(cluster, "orders"));
      clock.awaitFrozen();
      awaitOngoing();

      assertThat(end(replaced, false)).isNotEqualTo(Errors.NONE);
      assertThat(end(replaced, true)).isNotEqualTo(Errors.NONE);

      clock.release();
      assertThat(List.of(one.join(), other.join()))
          .allSatisfy(outcome -> assertThat(outcome.result()).isInstanceOf(Accepted.class));
      assertThat(second.meter(LogMeters.WRITER_RESTARTS)).isZero();
    }
  }

  /** With one epoch for both transactions, as before KIP-890, this ends the second one. */
  @Test
  void endsNoLaterTransactionOfTheSameWriter() throws Exception {
    BlockingClock clock = new BlockingClock(3);
    try (LogMember writer = writer("writer", clock)) {
      TransactionDescription before = ofThePartition();
      writer.accepted(Asked.create(cluster, "before"));
      CompletableFuture<AssociationOutcome> one = writer.send(Asked.create(cluster, "cart"));
      CompletableFuture<AssociationOutcome> other = writer.send(Asked.create(cluster, "orders"));
      clock.awaitFrozen();
      TransactionDescription now = awaitOngoing();

      assertThat(now.producerId()).isEqualTo(before.producerId());
      assertThat(end(before, false)).isNotEqualTo(Errors.NONE);

      clock.release();
      assertThat(List.of(one.join(), other.join()))
          .allSatisfy(outcome -> assertThat(outcome.result()).isInstanceOf(Accepted.class));
      assertThat(writer.meter(LogMeters.WRITER_RESTARTS)).isZero();
    }
  }

  /** Two commands at once share one transaction. */
  private LogMember writer(String name, InstantSource clock) {
    LogMember member =
        LogMember.start(
            kafka.bootstrapServers(),
            name,
            cluster,
            new LogMember.Options(
                GroupProtocol.CONSUMER,
                clock,
                Map.of("transaction.timeout.ms", "60000", "linger.ms", "100")));
    await()
        .atMost(TIMEOUT)
        .until(() -> member.meter(LogMeters.WRITER_PARTITIONS) == Topics.PARTITIONS);
    return member;
  }

  /** Returns the transaction; valid until the partition's writer starts its next one. */
  private TransactionDescription ofThePartition() throws Exception {
    return admin.describeTransactions(List.of(id)).description(id).get();
  }

  private TransactionDescription awaitOngoing() {
    return await()
        .atMost(TIMEOUT)
        .until(this::ofThePartition, now -> now.state() == TransactionState.ONGOING);
  }

  /** Returns Kafka's answer to a request of the producer of the described transaction. */
  private Errors end(TransactionDescription described, boolean commit) throws IOException {
    EndTxnRequest request =
        new EndTxnRequest.Builder(
                new EndTxnRequestData()
                    .setTransactionalId(id)
                    .setProducerId(described.producerId())
                    .setProducerEpoch((short) described.producerEpoch())
                    .setCommitted(commit),
                true)
            .build();
    RequestHeader header = new RequestHeader(request.apiKey(), request.version(), "late", 1);
    byte[] bytes = Utils.toArray(request.serializeWithHeader(header));
    try (Socket socket =
        new Socket(
            Utils.getHost(kafka.bootstrapServers()), Utils.getPort(kafka.bootstrapServers()))) {
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeInt(bytes.length);
      out.write(bytes);
      out.flush();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      ByteBuffer answer = ByteBuffer.wrap(in.readNBytes(in.readInt()));
      return ((EndTxnResponse) AbstractResponse.parseResponse(answer, header)).error();
    }
  }
}
