package io.claviger.broker.ingress;

import io.claviger.broker.identity.TokenVerifier;
import io.claviger.broker.identity.TokenVerifier.Caller;
import io.claviger.broker.issuance.CredentialIssuer;
import io.claviger.broker.issuance.IssueOutcome;
import io.claviger.broker.telemetry.IngressMeters;
import io.claviger.config.bridge.Bodies;
import io.claviger.config.trust.TokenVerification;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.CredentialRequest;
import io.claviger.schemas.bus.RequestPriority;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Answers edges' credential requests: verifies the token, then calls the issuer. Each turn of the
 * event loop verifies a bounded number of tokens. Nodes take turns, and each node's newest request
 * comes first. A request past its deadline is answered without verification.
 */
public final class CredentialHandler extends VerticleBase {

  /** The limits of a broker. */
  public static final Limits LIMITS = new Limits(50_000, Duration.ofMillis(8500));

  private static final long BUSY_RETRY_MILLIS = 1000;

  /**
   * The retry delay of a late request. On 0, an edge of an older version would send the late
   * request to another broker, which doubles the work of slow brokers.
   */
  private static final long LATE_RETRY_MILLIS = 100;

  private static final int VERIFIED_IN_A_TURN = 16;

  private final String address;
  private final TokenVerifier tokens;
  private final CredentialIssuer issuer;
  private final Function<String, Position> positions;
  private final IngressMeters meters;
  private final Limits limits;
  private final InstantSource clock;
  private final AtomicInteger underWay = new AtomicInteger();
  private final TurnsBySource<Waiting> waiting = new TurnsBySource<>(this::isOver, this::tooLate);

  /**
   * The limits of a handler.
   *
   * @param underWay maximum of requests in progress; further ones get a retryable error
   * @param deadline the time within which each request is answered
   */
  public record Limits(int underWay, Duration deadline) {}

  /**
   * A source of requests: one node, over all its connections. Refreshes can wait longer than
   * requests of new pods. They have separate turns, so that new pods cannot starve them.
   */
  private record Source(String cluster, String node, boolean first) {}

  /** A queued request. */
  private record Waiting(
      Message<EdgeRequest> message, CredentialRequest request, long untilMillis) {

    Source source() {
      EdgeSession session = message.body().session();
      return new Source(
          session.cluster(), session.node(), request.priority() == RequestPriority.FIRST);
    }

    Caller caller() {
      EdgeSession session = message.body().session();
      return new Caller(session.cluster(), session.node(), session.nodeUid());
    }
  }

  /**
   * Creates a handler, to be deployed.
   *
   * @param address on the event bus of this broker: {@link BusProtocol#CREDENTIALS} for edges
   * @param positions the last position of a cluster's log that this broker has applied
   * @param clock the clock of the frames' arrival times
   */
  public CredentialHandler(
      String address,
      TokenVerifier tokens,
      CredentialIssuer issuer,
      Function<String, Position> positions,
      IngressMeters meters,
      Limits limits,
      InstantSource clock) {
    this.address = address;
    this.tokens = tokens;
    this.issuer = issuer;
    this.positions = positions;
    this.meters = meters;
    this.limits = limits;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    meters.requestsUnderWay(underWay::get);
    return EdgeMessages.handle(vertx, address, this::requested);
  }

  private void requested(Message<EdgeRequest> message) {
    CredentialRequest request =
        EdgeMessages.read(message, CredentialRequest.class, () -> meters.request("malformed"));
    if (request == null) {
      return;
    }
    if (underWay.incrementAndGet() > limits.underWay()) {
      underWay.decrementAndGet();
      send(message, unavailable("this broker has too many requests", BUSY_RETRY_MILLIS));
      return;
    }
    long until = message.body().arrivedMillis() + waitMillis(request);
    Waiting arrived = new Waiting(message, request, until);
    waiting.add(arrived.source(), arrived);
    if (waiting.size() == 1) {
      context.runOnContext(turn -> takeSome());
    }
  }

  private long waitMillis(CredentialRequest request) {
    Long waits = request.waitMillis();
    long deadline = limits.deadline().toMillis();
    return waits == null ? deadline : Math.min(deadline, waits);
  }

  private void takeSome() {
    try {
      for (int verified = 0; verified < VERIFIED_IN_A_TURN; verified++) {
        Waiting next = waiting.next();
        if (next == null) {
          break;
        }
        take(next);
      }
    } finally {
      if (waiting.size() > 0) {
        context.runOnContext(turn -> takeSome());
      }
    }
  }

  private long left(Waiting next) {
    return next.untilMillis() - clock.millis();
  }

  private boolean isOver(Waiting next) {
    return left(next) <= 0;
  }

  private void tooLate(Waiting next) {
    underWay.decrementAndGet();
    meters.request("late");
    next.message()
        .reply(Bodies.of(unavailable("the request timed out in the queue", LATE_RETRY_MILLIS)));
  }

  private void take(Waiting next) {
    long left = Math.max(1, left(next));
    answer(next)
        .timeout(Math.min(left, limits.deadline().toMillis()), TimeUnit.MILLISECONDS)
        .otherwise(CredentialHandler::failed)
        .onSuccess(
            answer -> {
              underWay.decrementAndGet();
              send(next.message(), answer);
            });
  }

  private Future<CredentialReply> answer(Waiting next) {
    CredentialRequest request = next.request();
    // Starts from a future, so that an exception fails this answer instead of the event loop.
    return Future.succeededFuture(request.token())
        .compose(
            token ->
                Future.fromCompletionStage(
                    tokens.verify(token, next.caller(), request.priority()), context))
        .compose(verification -> answer(next, verification));
  }

  private Future<CredentialReply> answer(Waiting next, TokenVerification verification) {
    return switch (verification) {
      case TokenVerification.Rejected(var reason, var message) ->
          Future.succeededFuture(
              new CredentialReply.Refused(
                  reason, message, null, positions.apply(next.caller().cluster())));
      case TokenVerification.UnknownKey unknown ->
          Future.succeededFuture(unavailable("keys of the issuer cannot be fetched now", 0));
      case TokenVerification.Unconfirmed(var message) ->
          Future.succeededFuture(unavailable(message, 0));
      case TokenVerification.Verified verified -> {
        // Subscribes before the table is read, so that each change is either read or pushed.
        next.message().body().connection().subscribe(AssociationKey.of(verified.workload()));
        yield Future.fromCompletionStage(
                issuer.issue(
                    verified.workload(),
                    next.request().priority(),
                    next.request().minPosition(),
                    Duration.ofMillis(Math.max(1, left(next)))),
                context)
            .map(outcome -> toReply(verified, outcome));
      }
    };
  }

  private static CredentialReply toReply(TokenVerification.Verified token, IssueOutcome outcome) {
    return switch (outcome) {
      case IssueOutcome.Issued issued ->
          new CredentialReply.Issued(
              token.workload(),
              token.expiresAt(),
              issued.sharedBy(),
              issued.association().id(),
              issued.association().revision(),
              issued.position(),
              issued.credentials());
      case IssueOutcome.Refused refused ->
          new CredentialReply.Refused(
              refused.reason(), refused.message(), token.workload(), refused.position());
      case IssueOutcome.Unavailable later ->
          unavailable(later.message(), later.retryAfter().toMillis());
    };
  }

  private static CredentialReply failed(Throwable failure) {
    return failure instanceof TimeoutException
        ? unavailable("the request timed out", LATE_RETRY_MILLIS)
        : unavailable("the broker failed to answer", 0);
  }

  private static CredentialReply unavailable(String message, long retryAfterMillis) {
    return new CredentialReply.Unavailable(message, retryAfterMillis);
  }

  private void send(Message<EdgeRequest> message, CredentialReply reply) {
    meters.request(
        switch (reply) {
          case CredentialReply.Issued issued -> "issued";
          case CredentialReply.Refused refused -> "refused";
          case CredentialReply.Unavailable later -> "unavailable";
        });
    message.reply(Bodies.of(reply));
  }
}
