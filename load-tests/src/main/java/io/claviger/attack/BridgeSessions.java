package io.claviger.attack;

import static io.claviger.attack.BridgeClient.frame;
import static io.claviger.attack.BridgeClient.request;

import io.claviger.config.bridge.BridgeFrames;
import io.claviger.localmesh.LocalMesh;
import io.claviger.schemas.bus.BusProtocol;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests that a logged-in edge may not send. */
final class BridgeSessions {

  private static final int AT_ONCE = 8;
  private static final Duration END = Duration.ofSeconds(3);

  private BridgeSessions() {}

  static void addresses(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    Map<String, Buffer> refused = new LinkedHashMap<>();
    for (@Nullable String address :
        new String[] {
          BusProtocol.ownerAddress("broker-1"),
          BusProtocol.ownerAddress("*"),
          BusProtocol.snapshotAddress("broker-2"),
          BusProtocol.KEYS_CHANGED,
          BusProtocol.REVOKED_PODS_CHANGED,
          "__vertx.reply.1",
          "claviger.credentials ",
          "CLAVIGER.CREDENTIALS",
          "claviger.credentials\u0000",
          "claviger.*",
          "a".repeat(300),
          "",
          null
        }) {
      String name = address == null ? "no address" : "'" + address.strip() + "'";
      refused.put("sending to " + name, request(address, Buffer.buffer("{}")));
      refused.put(
          "registering " + name, BridgeFrames.encode(BridgeFrames.REGISTER, address, null, null));
    }
    refused.put(
        "registering " + BusProtocol.CREDENTIALS,
        BridgeFrames.encode(BridgeFrames.REGISTER, BusProtocol.CREDENTIALS, null, null));
    // Edges may register for these two, so there is no refusal.
    refused.remove("registering '" + BusProtocol.KEYS_CHANGED + "'");
    refused.remove("registering '" + BusProtocol.REVOKED_PODS_CHANGED + "'");
    Together.each(
        refused.entrySet(),
        AT_ONCE,
        tally,
        one ->
            tally.refuses(
                one.getKey(), goesOn(mesh, one.getValue()), it -> goesOn(it, "is not permitted")));
    withoutAnAnswer(mesh, tally);
    permitted(mesh, tally);
  }

  private static void withoutAnAnswer(LocalMesh mesh, Tally tally) throws InterruptedException {
    Map<String, String> replies = new LinkedHashMap<>();
    replies.put("no reply address", "{\"type\":\"send\",\"address\":\"claviger.keys\"}");
    replies.put("a blank reply address", keys("\" \""));
    replies.put("a reply address of 201 characters", keys("\"" + "a".repeat(201) + "\""));
    replies.put("a reply address that is a number", keys("7"));
    Together.each(
        replies.entrySet(),
        tally,
        one ->
            tally.refuses(
                one.getKey(),
                goesOn(mesh, frame(one.getValue())),
                it -> goesOn(it, "a reply address")));
  }

  private static String keys(String replyAddress) {
    return "{\"type\":\"send\",\"address\":\"claviger.keys\",\"replyAddress\":"
        + replyAddress
        + "}";
  }

  static void frames(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    Together.each(
        BridgeStrangers.brokenFrames().entrySet(),
        AT_ONCE,
        tally,
        one ->
            tally.refuses(
                one.getKey() + " after the login",
                BridgeClient.asEdge(mesh, edge -> edge.end(one.getValue(), END)),
                ending -> ending instanceof Ending.Closed(var said, var after) && said.isEmpty()));
    Together.each(
        List.of("", "publish", "unregister", "message", "err", "pong", "SEND", "x".repeat(300)),
        tally,
        type ->
            tally.refuses(
                "a frame of the type '" + type + "'",
                BridgeClient.asEdge(
                    mesh,
                    edge -> edge.askLast(BridgeFrames.encode(type, BusProtocol.KEYS, "r", null))),
                last ->
                    last.reply().isError("unknown frame type")
                        && last.after() instanceof Ending.Closed));
    for (String address :
        List.of(
            BusProtocol.CREDENTIALS, BusProtocol.SYNC, BusProtocol.PODS, BusProtocol.NODE_EVENTS)) {
      Together.each(
          bodies(),
          AT_ONCE,
          tally,
          body ->
              tally.refuses(
                  body + " to " + address,
                  goesOn(mesh, request(address, Buffer.buffer(body))),
                  it -> goesOn(it, "malformed")));
    }
    tally.permits(
        "a frame of 64 KB",
        goesOn(mesh, padded(BusProtocol.MAX_FRAME_BYTES)).reply(),
        BridgeReply::isAnswer);
    permitted(mesh, tally);
  }

  /** Bodies that are a valid record of none of these addresses. */
  private static List<String> bodies() {
    return List.of(
        "{}",
        "{\"version\":\"two\"}",
        "{\"version\":2,\"token\":7,\"priority\":\"ROOT\",\"position\":1,\"events\":{},\"pods\":1}",
        "{\"version\":2,\"token\":\"\",\"position\":{},\"events\":[null],\"pods\":[{\"uid\":1}]}",
        "{\"version\":null,\"position\":null,\"known\":null,\"events\":null,\"pods\":null}",
        "{\"version\":2,\"priority\":\"FIRST\",\"minPosition\":{\"epoch\":-1,\"sequence\":-1},"
            + "\"token\":\"x\",\"position\":{\"epoch\":-1,\"sequence\":0},\"known\":[],"
            + "\"pods\":[{}],\"events\":[{}]}");
  }

  private static Buffer padded(int bytes) {
    String around =
        "{\"type\":\"send\",\"address\":\"claviger.keys\",\"replyAddress\":\"r\",\"x\":\"\"}";
    return frame(around.replace("\"\"}", "\"" + "x".repeat(bytes - around.length()) + "\"}"));
  }

  private static boolean goesOn(BridgeReply.GoesOn it, String message) {
    return it.reply().isError(message)
        && it.ping() instanceof BridgeReply.Frame pong
        && pong.type().equals(BridgeFrames.PONG);
  }

  static BridgeReply.GoesOn goesOn(LocalMesh mesh, Buffer frame) {
    try {
      return BridgeClient.asEdge(mesh, edge -> edge.askAndGoOn(frame));
    } catch (IOException e) {
      BridgeReply none =
          new BridgeReply.Ended(new Ending.Unreached(String.valueOf(e.getMessage())));
      return new BridgeReply.GoesOn(none, none);
    }
  }

  static void permitted(LocalMesh mesh, Tally tally) {
    tally.permits(
        "a request for the issuer's keys",
        goesOn(mesh, request(BusProtocol.KEYS, null)).reply(),
        BridgeReply::isAnswer);
    tally.permits(
        "a request for the revocations",
        goesOn(mesh, request(BusProtocol.REVOKED_PODS, null)).reply(),
        BridgeReply::isAnswer);
  }
}
