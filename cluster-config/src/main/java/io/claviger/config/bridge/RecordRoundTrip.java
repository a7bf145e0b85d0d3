package io.claviger.config.bridge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Encodes a record into a frame and decodes it again, as edge and broker do, without a socket. */
public final class RecordRoundTrip {

  private RecordRoundTrip() {}

  /**
   * Returns the record that the other side would read.
   *
   * @param type of the frame
   * @param address event-bus or reply address
   * @throws IllegalStateException when it does not fit into a frame
   */
  public static <T> T carry(
      String type, String address, Map<String, String> headers, T record, Class<T> as) {
    List<T> arrived = new ArrayList<>(1);
    BridgeFrames.parser(
            frame -> arrived.add(Bodies.read(Objects.requireNonNull(frame.body()), as)),
            reason -> {
              throw new IllegalStateException(reason);
            })
        .handle(BridgeFrames.encode(type, address, "reply.0", headers, Bodies.of(record)));
    return arrived.getFirst();
  }
}
