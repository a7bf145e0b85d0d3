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

/** More of one address than the webhook takes of it, while another address asks. */
final class WebhookFlood {

  /** Of 500 connections an address has half. */
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

  /** Those that are too many are closed when they come; the others stay as long as this waits. */
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

  /** A connection counts once its handshake is over; one that does not come so far is neither. */
  private static Ending open(WebhookCaller stranger) throws IOException {
    try (StrangerSocket socket = stranger.connect()) {
      return socket.ending(ALL_OPEN);
    } catch (SocketTimeoutException e) {
      return new Ending.Unreached("no handshake in time");
    }
  }

  /**
   * Of what is read and has no answer yet an address has 32 MB: more is rejected, where so much
   * comes within the time of a body, which a busy machine decides. None says its last byte before
   * each has said the others, so that they wait side by side.
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
        // A body that takes longer than it may is ended, which on a busy machine happens.
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

  /** Not longer than a body may take. */
  private static void awaitOthers(CountDownLatch said) throws IOException {
    try {
      boolean unused = said.await(BODY.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }
}
