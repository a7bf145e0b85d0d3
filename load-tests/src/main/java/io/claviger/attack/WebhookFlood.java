package io.claviger.attack;

import io.claviger.localmesh.LocalMesh;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** More from one address than the webhook accepts, while another address sends requests. */
final class WebhookFlood {

  /** One address may have half of 500 connections. */
  private static final int SHARE = 250;

  private static final int CONNECTIONS = 300;
  private static final int MANY_BODIES = 24;
  private static final Duration ALL_OPEN = Duration.ofSeconds(8);
  private static final Duration WATCHED = Duration.ofSeconds(15);

  /** A body may take 2 s. */
  private static final Duration BODY = Duration.ofMillis(1_500);

  private WebhookFlood() {}

  static void flood(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    WebhookCaller stranger = WebhookAttacks.caller(mesh, StrangerSocket.STRANGER);
    Together.beside(
        tally,
        () -> tooMany(stranger, tally),
        () -> WebhookAttacks.permitted(mesh, tally, WebhookAttacks.OTHER_HOST));
    Together.beside(
        tally,
        () -> large(stranger, tally),
        () -> WebhookAttacks.permitted(mesh, tally, WebhookAttacks.OTHER_HOST));
    WebhookAttacks.permitted(mesh, tally, StrangerSocket.STRANGER);
  }

  /** The webhook closes excess connections at once; the others stay open while this waits. */
  private static void tooMany(WebhookCaller stranger, Tally tally) throws InterruptedException {
    List<Ending> endings = new CopyOnWriteArrayList<>();
    Together.each(
        IntStream.range(0, CONNECTIONS).boxed().toList(),
        tally,
        number -> endings.add(Ending.of(() -> open(stranger))));
    long open = endings.stream().filter(ending -> ending instanceof Ending.Open).count();
    tally.refuses(CONNECTIONS + " connections of one address", open, many -> many <= SHARE);
    tally.refuses(
        "connections beyond its share",
        endings.stream().filter(ending -> ending instanceof Ending.Closed).count(),
        closed -> closed > 0);
    tally.permits("its share of connections", open, many -> many > 0);
  }

  /**
   * A connection counts once its handshake is over; one with an incomplete handshake counts as
   * neither.
   */
  private static Ending open(WebhookCaller stranger) throws IOException {
    try (StrangerSocket socket = stranger.connect()) {
      return socket.ending(ALL_OPEN);
    } catch (SocketTimeoutException e) {
      return new Ending.Unreached("no handshake in time");
    }
  }

  /**
   * An address may have 32 MB of bodies without an answer. The webhook rejects more, if so much
   * arrives within a body's timeout; on a busy machine it may not. Each client sends its last byte
   * only after all have sent the rest, so that the bodies wait together.
   */
  private static void large(WebhookCaller stranger, Tally tally) throws InterruptedException {
    byte[] request =
        ApiRequest.post("/mutate", WebhookCaller.ofSize(WebhookAttacks.LARGE_BODY))
            .with("Host: localhost")
            .bytes();
    byte[] most = Arrays.copyOf(request, request.length - 1);
    byte[] last = {request[request.length - 1]};
    CountDownLatch said = new CountDownLatch(MANY_BODIES);
    List<HttpReply> replies = new CopyOnWriteArrayList<>();
    Together.each(
        IntStream.range(0, MANY_BODIES).boxed().toList(),
        tally,
        number ->
            replies.add(
                HttpReply.of(
                    Ending.of(
                        () -> {
                          try (StrangerSocket socket = stranger.connect()) {
                            socket.send(most);
                            said.countDown();
                            awaitOthers(said);
                            return socket.send(last).ending(WATCHED);
                          }
                        }))));
    replies.stream()
        // On a busy machine a body can exceed its timeout, and is then ended.
        .filter(reply -> !isBusy(reply) && reply instanceof HttpReply.Answered)
        .forEach(
            reply ->
                tally.permits(
                    "a large review of its share",
                    reply,
                    one -> WebhookCaller.isAllowed(one, false)));
  }

  private static boolean isBusy(HttpReply reply) {
    return reply.is(503)
        && reply instanceof HttpReply.Answered answered
        && answered.body().contains("this broker has too many requests in progress");
  }

  /** Waits no longer than a body may take. */
  private static void awaitOthers(CountDownLatch said) throws IOException {
    try {
      boolean unused = said.await(BODY.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }
}
