package io.claviger.bench.micro;

import io.claviger.config.bridge.Bodies;
import io.claviger.config.bridge.BridgeFrame;
import io.claviger.config.bridge.BridgeFrames;
import io.claviger.schemas.bus.CredentialReply;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A frame between broker and edge with a session in it, and the record that is its body. */
@State(Scope.Benchmark)
public class FrameBenchmark {

  private final Buffer body = Bodies.of(Samples.REPLY);
  private final Buffer frame = BridgeFrames.encodeMessage("claviger.reply.4711", body);

  @Benchmark
  public Buffer encodeFrame() {
    return BridgeFrames.encodeMessage("claviger.reply.4711", body);
  }

  @Benchmark
  public BridgeFrame decodeFrame() {
    List<BridgeFrame> read = new ArrayList<>(1);
    BridgeFrames.parser(read::add, FrameBenchmark::broken).handle(frame);
    return read.getFirst();
  }

  @Benchmark
  public Buffer encodeBody() {
    return Bodies.of(Samples.REPLY);
  }

  @Benchmark
  public CredentialReply decodeBody() {
    return Bodies.read(body, CredentialReply.class);
  }

  private static void broken(String reason) {
    throw new IllegalStateException("broken by " + reason);
  }
}
