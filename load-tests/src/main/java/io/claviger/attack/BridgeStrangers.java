package io.claviger.attack;

import static io.claviger.attack.BridgeClient.frame;
import static io.claviger.attack.BridgeClient.request;

import io.claviger.config.bridge.BridgeFrames;
import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.MeterReading;
import io.claviger.schemas.bus.BusProtocol;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Clients that connect to the bridge and do not log in. */
final class BridgeStrangers {

  /** Handshake and login together may take 5 s; brokers check each second. */
  private static final Duration EARLIEST = Duration.ofSeconds(4);

  private static final Duration LATEST = Duration.ofSeconds(9);
  private static final Duration AT_ONCE = Duration.ofSeconds(3);
  private static final Duration WATCHED = Duration.ofSeconds(15);
  private static final int DRIP_MILLIS = 400;

  /** The start of a ClientHello that announces 512 bytes. */
  private static final String HALF_HELLO = "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc";

  /** The start of a record above the maximum length. */
  private static final String TOO_LONG = "\u0016\u0003\u0003\u00ff\u00ff" + "x".repeat(400);

  private BridgeStrangers() {}

  static void withoutTls(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    Map<String, String> noTls = new LinkedHashMap<>();
    noTls.put("an HTTP request in plain text", "GET / HTTP/1.1\r\nHost: broker\r\n\r\n");
    noTls.put(
        "a login frame in plain text",
        text(BridgeClient.login(mesh.token(BridgeClient.edgeToken(BridgeClient.NODE)))));
    noTls.put("a ping frame in plain text", text(BridgeFrames.encode(BridgeFrames.PING)));
    noTls.put("100 zero bytes", "\0".repeat(100));
    noTls.put("a TLS record of an unknown type", "\u0099\u0003\u0003\u0000\u0010" + "x".repeat(16));
    noTls.put(
        "application data before a handshake", "\u0017\u0003\u0003\u0000\u0010" + "x".repeat(16));
    for (BrokerMember broker : mesh.brokers()) {
      Together.each(
          noTls.entrySet(),
          tally,
          one ->
              tally.refuses(
                  one.getKey(), plain(broker, one.getValue()), Ending.closedWithin(AT_ONCE)));
      Together.each(
          List.of("", HALF_HELLO, HALF_HELLO + "x".repeat(300), TOO_LONG),
          tally,
          bytes ->
              tally.refuses(
                  "a handshake of " + bytes.length() + " bytes that stops",
                  plain(broker, bytes),
                  Ending.closedBetween(EARLIEST, LATEST)));
    }
    silentWithinTls(mesh, tally);
    permitted(mesh, tally);
  }

  private static Ending plain(BrokerMember broker, String bytes) {
    return StrangerSocket.exchange(broker.bridge(), bytes, WATCHED);
  }

  private static void silentWithinTls(LocalMesh mesh, Tally tally) throws InterruptedException {
    byte[] login =
        BridgeClient.login(mesh.token(BridgeClient.edgeToken(BridgeClient.NODE))).getBytes();
    Together.each(
        List.of(0, 2, 4, 40, login.length - 1),
        tally,
        bytes ->
            tally.refuses(
                "a handshake, and " + bytes + " bytes of a login",
                within(mesh, Buffer.buffer(login).getBuffer(0, bytes), WATCHED),
                Ending.closedBetween(EARLIEST, LATEST)));
    tally.refuses(
        "a login that comes byte by byte",
        Ending.of(() -> drip(mesh, login)),
        Ending.closedBetween(EARLIEST, LATEST));
  }

  private static Ending drip(LocalMesh mesh, byte[] login) throws IOException {
    try (StrangerSocket socket =
        StrangerSocket.open(StrangerSocket.STRANGER, mesh.broker(1).bridge())
            .tls(new MeshTls(mesh).anonymous())) {
      Ending ending = new Ending.Open("");
      long late = System.nanoTime() + WATCHED.toNanos();
      for (int i = 0; i < login.length && System.nanoTime() - late < 0; i++) {
        ending = socket.send(new byte[] {login[i]}).ending(Duration.ofMillis(DRIP_MILLIS));
        if (!(ending instanceof Ending.Open)) {
          break;
        }
      }
      return ending;
    }
  }

  private static Ending within(LocalMesh mesh, Buffer bytes, Duration watched) {
    return Ending.of(() -> BridgeClient.asStranger(mesh, one -> one.end(bytes, watched)));
  }

  static void withoutLogin(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    Map<String, Buffer> frames = new LinkedHashMap<>();
    for (String address :
        List.of(
            BusProtocol.CREDENTIALS,
            BusProtocol.KEYS,
            BusProtocol.SYNC,
            BusProtocol.REVOKED_PODS,
            BusProtocol.PODS,
            BusProtocol.NODE_EVENTS,
            BusProtocol.ownerAddress("broker-1"),
            BusProtocol.snapshotAddress("broker-1"))) {
      frames.put("a request to " + address, request(address, Buffer.buffer("{}")));
    }
    for (String address :
        List.of(
            BusProtocol.KEYS_CHANGED,
            BusProtocol.ASSOCIATION_CHANGED,
            BusProtocol.REVOKED_PODS_CHANGED,
            BusProtocol.PODS_GONE)) {
      frames.put(
          "registering " + address,
          BridgeFrames.encode(BridgeFrames.REGISTER, address, null, null));
    }
    frames.put("a ping", BridgeFrames.encode(BridgeFrames.PING));
    frames.put("an unknown type", BridgeFrames.encode("publish", "a", "b", null));
    frames.put("an empty object", frame("{}"));
    frames.put(
        "a login without a reply address",
        BridgeFrames.encode(BridgeFrames.SEND, BusProtocol.LOGIN, null, Buffer.buffer("{}")));
    frames.put("a login to an address in capitals", request("CLAVIGER.LOGIN", Buffer.buffer("{}")));
    double before = MeterReading.of(mesh.broker(1).metrics(), notLoggedIn());
    Together.each(
        frames.entrySet(),
        tally,
        one ->
            tally.refuses(
                one.getKey(),
                last(mesh, one.getValue()),
                last ->
                    last.reply().isError("log in first")
                        && last.after() instanceof Ending.Closed(var said, var after)
                        && said.isEmpty()));
    double counted =
        MeterReading.once(
                List.of(mesh.broker(1).metrics()),
                notLoggedIn(),
                now -> now - before >= frames.size(),
                AT_ONCE)
            - before;
    if (counted < frames.size() || Double.isNaN(counted)) {
      tally.broken(frames.size() + " frames without a login, but the meter has counted " + counted);
    }
    permitted(mesh, tally);
  }

  private static String notLoggedIn() {
    return "claviger_ingress_frames_refused_total{reason=\"not_logged_in\"";
  }

  private static BridgeReply.Last last(LocalMesh mesh, Buffer frame) throws IOException {
    return BridgeClient.asStranger(mesh, one -> one.askLast(frame));
  }

  static void malformed(Target target, Tally tally) throws InterruptedException {
    Map<String, Buffer> bytes = brokenFrames();
    bytes.put("a login of more than 16 KB", BridgeClient.login("x".repeat(17 * 1024)));
    Together.each(
        bytes.entrySet(),
        tally,
        one ->
            tally.refuses(
                one.getKey() + " before a login",
                within(target.mesh(), one.getValue(), WATCHED),
                Ending.closedWithin(AT_ONCE)));
    permitted(target.mesh(), tally);
  }

  /** Malformed frames: the broker closes the connection at once, without an answer. */
  static Map<String, Buffer> brokenFrames() {
    Map<String, Buffer> broken = new LinkedHashMap<>();
    for (int length : List.of(0, -1, Integer.MIN_VALUE, 65_537, Integer.MAX_VALUE)) {
      broken.put("a frame of " + length + " bytes", Buffer.buffer().appendInt(length));
    }
    broken.put("a frame that is no JSON", frame("login please"));
    broken.put("a list", frame("[{\"type\":\"ping\"}]"));
    broken.put("a text", frame("\"ping\""));
    broken.put("null", frame("null"));
    broken.put("half an object", frame("{\"type\":\"ping\""));
    broken.put("two objects", frame("{\"type\":\"ping\"}{\"type\":\"ping\"}"));
    broken.put("an object and more", frame("{\"type\":\"ping\"} more"));
    broken.put("spaces", frame(" ".repeat(64)));
    broken.put("an object in UTF-16", utf16("{\"type\":\"ping\"}"));
    broken.put(
        "a byte that is no UTF-8",
        Buffer.buffer()
            .appendInt(14)
            .appendString("{\"type\":\"pi")
            .appendByte((byte) 0xff)
            .appendString("\"}"));
    broken.put("lists in lists", frame("{\"body\":" + "[".repeat(5_000)));
    broken.put("an HTTP request", Buffer.buffer("GET / HTTP/1.1\r\nHost: broker\r\n\r\n"));
    broken.put("random letters", Buffer.buffer("qwertzuiopasdfghjklyxcvbnm".repeat(20)));
    return broken;
  }

  private static Buffer utf16(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_16BE);
    return Buffer.buffer().appendInt(bytes.length).appendBytes(bytes);
  }

  private static String text(Buffer bytes) {
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  /** The login of an edge with its own token is valid at every broker. */
  static void permitted(LocalMesh mesh, Tally tally) {
    for (BrokerMember broker : mesh.brokers()) {
      BridgeReply reply;
      try (BridgeClient client = BridgeClient.connect(mesh, broker, StrangerSocket.STRANGER)) {
        reply = client.ask(BridgeClient.login(BridgeClient.ownToken(mesh, BridgeClient.NODE)));
      } catch (IOException e) {
        reply = new BridgeReply.Ended(new Ending.Unreached(String.valueOf(e.getMessage())));
      }
      tally.permits("a valid login", reply, it -> it.field("node").equals(BridgeClient.NODE));
    }
  }
}
