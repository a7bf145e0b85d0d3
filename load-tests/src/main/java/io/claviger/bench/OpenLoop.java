package io.claviger.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An open loop in a process of its own: each request at its time, on a connection of its own,
 * whatever became of those before; no second try. A time counts from when the request was due, not
 * from when a busy generator got round to it.
 */
public final class OpenLoop {

  /** Longer than any client waits; what has no answer by then has none. */
  static final long TIMEOUT_MILLIS = 10_000;

  /** Status of what was not answered: the connection failed or was closed. */
  static final int BROKEN = -1;

  /** Status of what was not answered within the timeout. */
  static final int SILENT = 0;

  private static final String HOST = "127.0.0.1";

  /** So many seconds' worth of requests warm the generator's own code up. */
  private static final int WARM_UP_SECONDS = 4;

  private static final int WARM_UP_MOST = 2_000;
  private static final int WARM_UP_PER_SECOND = 500;
  private static final int STATUS_AT = "HTTP/1.1 ".length();
  private static final int STATUS_LENGTH = 3;
  private static final String KEY = "\"AccessKeyId\":\"";

  private final Vertx vertx;
  private final NetClient client;
  private final List<String> plan;
  private final long periodNanos;
  private final long count;
  private final PrintStream out;
  private final Runnable atEnd;
  private long start;
  private long next;
  private long ended;

  private OpenLoop(
      Vertx vertx, List<String> plan, int rate, long count, PrintStream out, Runnable atEnd) {
    this.vertx = vertx;
    this.client =
        vertx.createNetClient(
            new NetClientOptions().setTcpNoDelay(true).setConnectTimeout((int) TIMEOUT_MILLIS));
    this.plan = plan;
    this.periodNanos = TimeUnit.SECONDS.toNanos(1) / rate;
    this.count = count;
    this.out = out;
    this.atEnd = atEnd;
  }

  /**
   * Prints a line each: number, status, microseconds, end in microseconds since 1970, access key
   * id.
   *
   * @param args file with a line for each request (port, token), which are used in turn, requests a
   *     second, requests
   */
  public static void main(String[] args) throws IOException {
    List<String> plan = Files.readAllLines(Path.of(args[0]));
    int rate = Integer.parseInt(args[1]);
    long count = Long.parseLong(args[2]);
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
    vertx
        .createHttpServer()
        .requestHandler(request -> request.response().end("{}"))
        .listen(0, HOST)
        .onSuccess(
            server -> {
              String line = server.actualPort() + " warm-up";
              int requests = Math.min(WARM_UP_MOST, WARM_UP_SECONDS * rate);
              List<String> warmUp = Collections.nCopies(requests, line);
              PrintStream nowhere = new PrintStream(PrintStream.nullOutputStream(), false);
              Runnable then =
                  () ->
                      new OpenLoop(vertx, plan, rate, count, System.out, () -> System.exit(0))
                          .run();
              new OpenLoop(vertx, warmUp, WARM_UP_PER_SECOND, requests, nowhere, then).run();
            })
        .onFailure(failure -> System.exit(1));
  }

  private void run() {
    vertx.runOnContext(
        v -> {
          start = System.nanoTime();
          vertx.setPeriodic(1, this::due);
        });
  }

  private void due(long timer) {
    long now = System.nanoTime();
    while (next < count && now - dueAt(next) >= 0) {
      ask(next++);
    }
    if (next == count) {
      vertx.cancelTimer(timer);
    }
  }

  private long dueAt(long number) {
    return start + number * periodNanos;
  }

  private void ask(long number) {
    String[] request = plan.get((int) (number % plan.size())).split(" ", 2);
    new Ask(number, dueAt(number)).start(Integer.parseInt(request[0]), request[1]);
  }

  /** One request. On the event loop only. */
  private final class Ask {
    private final long number;
    private final long due;
    private final Buffer answer = Buffer.buffer();
    private final long timer;
    private boolean done;

    Ask(long number, long due) {
      this.number = number;
      this.due = due;
      this.timer = vertx.setTimer(TIMEOUT_MILLIS, silent -> end(SILENT));
    }

    void start(int port, String token) {
      client
          .connect(port, HOST)
          .onFailure(failure -> end(BROKEN))
          .onSuccess(socket -> send(socket, token));
    }

    private void send(NetSocket socket, String token) {
      if (done) {
        socket.close();
        return;
      }
      socket.handler(
          bytes -> {
            answer.appendBuffer(bytes);
            if (isWhole()) {
              end(status());
              socket.close();
            }
          });
      socket.closeHandler(closed -> end(answer.length() == 0 ? BROKEN : status()));
      socket.write(
          "GET /v1/credentials HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: "
              + token
              + "\r\nConnection: close\r\n\r\n");
    }

    /** The body is one flat JSON object: nothing before its end is a closing brace. */
    private boolean isWhole() {
      return answer.length() > STATUS_AT + STATUS_LENGTH
          && answer.getByte(answer.length() - 1) == '}';
    }

    private int status() {
      return answer.length() < STATUS_AT + STATUS_LENGTH
          ? BROKEN
          : Integer.parseInt(answer.getString(STATUS_AT, STATUS_AT + STATUS_LENGTH));
    }

    private String accessKeyId() {
      String text = answer.toString();
      int at = text.indexOf(KEY);
      int end = at < 0 ? -1 : text.indexOf('"', at + KEY.length());
      return end < 0 ? "" : text.substring(at + KEY.length(), end);
    }

    private void end(int status) {
      if (done) {
        return;
      }
      done = true;
      vertx.cancelTimer(timer);
      out.println(
          number
              + " "
              + status
              + " "
              + TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - due)
              + " "
              + ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now())
              + " "
              + accessKeyId());
      if (++ended == count) {
        out.flush();
        atEnd.run();
      }
    }
  }
}
