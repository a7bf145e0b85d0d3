package io.claviger.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.claviger.schemas.SchemaJson.MalformedRecordException;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationChange;
import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationOutcome;
import io.claviger.schemas.association.LogHead;
import io.claviger.schemas.association.RevocationChange;
import io.claviger.schemas.bus.AssociationChanged;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.CredentialRequest;
import io.claviger.schemas.bus.Login;
import io.claviger.schemas.bus.LoginReply;
import io.claviger.schemas.bus.NodeEvents;
import io.claviger.schemas.bus.NodeEventsReply;
import io.claviger.schemas.bus.OpenResult;
import io.claviger.schemas.bus.OpenSession;
import io.claviger.schemas.bus.PodReport;
import io.claviger.schemas.bus.PodReportReply;
import io.claviger.schemas.bus.PodsGone;
import io.claviger.schemas.bus.PublishedKeys;
import io.claviger.schemas.bus.RevokedPods;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.bus.SnapshotReply;
import io.claviger.schemas.bus.SnapshotRequest;
import io.claviger.schemas.bus.Sync;
import io.claviger.schemas.bus.SyncReply;
import io.claviger.schemas.event.CredentialEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Records of the event bus and of Kafka, as any client may have written them. */
final class SchemaJsonFuzzTest {

  private static final List<Class<?>> TYPES =
      List.of(
          Association.class,
          AssociationChange.class,
          AssociationCommand.class,
          AssociationOutcome.class,
          LogHead.class,
          RevocationChange.class,
          AssociationChanged.class,
          CredentialReply.class,
          CredentialRequest.class,
          Login.class,
          LoginReply.class,
          NodeEvents.class,
          NodeEventsReply.class,
          OpenResult.class,
          OpenSession.class,
          PodReport.class,
          PodReportReply.class,
          PodsGone.class,
          PublishedKeys.class,
          RevokedPods.class,
          SessionCredentials.class,
          SnapshotReply.class,
          SnapshotRequest.class,
          Sync.class,
          SyncReply.class,
          CredentialEvent.class);

  static Stream<byte[]> samples() throws IOException {
    return Stream.concat(
        Contracts.samples().map(sample -> input(sample.type().getSimpleName(), sample.text())),
        frames().lines().map(line -> line.split(" ", 2)).map(line -> input(line[0], line[1])));
  }

  /**
   * The first byte selects the type as which the rest is read.
   *
   * <p>A record that was read must be readable again after it is written: a broker would otherwise
   * skip a record that another broker has accepted.
   */
  @MethodSource("samples")
  @FuzzTest
  void areReadAndWrittenAsTheSameOrRefused(byte[] input) {
    if (input.length == 0) {
      return;
    }
    Class<?> type = TYPES.get(Byte.toUnsignedInt(input[0]) % TYPES.size());
    byte[] json = Arrays.copyOfRange(input, 1, input.length);
    try {
      var unused = SchemaJson.readObject(new String(json, StandardCharsets.UTF_8));
    } catch (MalformedRecordException e) {
      assertThat(e).hasNoCause();
    }
    Object record;
    try {
      record = SchemaJson.read(json, type);
    } catch (MalformedRecordException e) {
      assertThat(e).hasMessage("malformed " + type.getSimpleName()).hasNoCause();
      return;
    }
    assertThat(SchemaJson.read(SchemaJson.writeBytes(record), type)).isEqualTo(record);
    assertThat(SchemaJson.read(SchemaJson.write(record), type)).isEqualTo(record);
  }

  private static byte[] input(String type, String json) {
    int index = TYPES.stream().map(Class::getSimpleName).toList().indexOf(type);
    assertThat(index).as(type).isNotNegative();
    byte[] text = json.getBytes(StandardCharsets.UTF_8);
    byte[] input = new byte[1 + text.length];
    input[0] = (byte) index;
    System.arraycopy(text, 0, input, 1, text.length);
    return input;
  }

  private static String frames() throws IOException {
    try (InputStream in = SchemaJsonFuzzTest.class.getResourceAsStream("/frames/v2.jsonl")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
