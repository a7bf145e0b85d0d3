package io.claviger.broker.ingress;

import io.claviger.broker.identity.TokenVerifier;
import io.claviger.broker.identity.TokenVerifier.Caller;
import io.claviger.broker.issuance.CredentialIssuer;
import io.claviger.broker.issuance.IssueOutcome;
import io.claviger.broker.telemetry.IngressMeters;
import io.claviger.config.bridge.Bodies;
import io.claviger.config.trust.TokenVerification;
import io.claviger.schemas.SchemaJson.MalformedRecordException;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.CredentialRequest;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers edges' requests for credentials: who asks, whose token it is, and what the issuer says.
 * Knows the caller by the headers that the bridge stamps. So many tokens are verified in a turn of
 * the event loop, the others in the next ones; what nobody waits for any more is answered unseen.
 */
public final class CredentialHandler extends VerticleBase {

  /** The time in which a request is answered, whatever happens. */
  public static final Duration DEADLINE = Duration.ofMillis(8500);

  private static final int MALFORMED = 400;
  private static final long BUSY_RETRY_MILLIS = 1000;
  private static final int VERIFIED_IN_A_TURN = 16;

  private final String address;
  private final TokenVerifier tokens;
  private final CredentialIssuer issuer;
  private final Function<String, Position> positions;
  private final BiConsumer<String, AssociationKey> asked;
  private final IdentityRefusals refusals;
  private final IngressMeters meters;
  private final int maxUnderWay;
  private final Duration deadline;
  private final InstantSource clock;
  private final AtomicInteger underWay = new AtomicInteger();
  private final Queue<Waiting> waiting = new ArrayDeque<>();

  /** A request that has its turn later. */
  private record Waiting(
      Message<Buffer> message,
      CredentialRequest request,
      Caller caller,
      String connection,
      long untilMillis) {}

  /**
   * A handler; deploy it.
   *
   * @param address on the event bus of this broker: {@link BusProtocol#CREDENTIALS} for edges
   * @param positions how far a cluster's log has been applied here
   * @param asked told, before the table is read, on which connection a service account is asked for
   * @param maxUnderWay requests under way at once; more are told to come again
   * @param deadline {@link #DEADLINE}
   * @param clock that says when frames arrived
   */
  public CredentialHandler(
      String address,
      TokenVerifier tokens,
      CredentialIssuer issuer,
      Function<String, Position> positions,
      BiConsumer<String, AssociationKey> asked,
      IdentityRefusals refusals,
      IngressMeters meters,
      int maxUnderWay,
      Duration deadline,
      InstantSource clock) {
    this.address = address;
    this.tokens = tokens;
    this.issuer = issuer;
    this.positions = positions;
    this.asked = asked;
    this.refusals = refusals;
    this.meters = meters;
    this.maxUnderWay = maxUnderWay;
    this.deadline = deadline;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    meters.requestsUnderWay(underWay::get);
    return EdgeMessages.handle(vertx, address, this::requested);
  }

  private void requested(Message<Buffer> message) {
    String cluster = message.headers().get(BusProtocol.HEADER_CLUSTER);
    String node = message.headers().get(BusProtocol.HEADER_NODE);
    String connection = message.headers().get(BusProtocol.HEADER_CONNECTION);
    CredentialRequest request = read(message);
    if (cluster == null || node == null || connection == null || request == null) {
      meters.request("malformed");
      message.fail(MALFORMED, "malformed CredentialRequest");
      return;
    }
    if (underWay.incrementAndGet() > maxUnderWay) {
      underWay.decrementAndGet();
      reply(message, unavailable("this broker has too much to do", BUSY_RETRY_MILLIS));
      return;
    }
    long until = arrived(message) + waitMillis(request);
    Caller caller = new Caller(cluster, node, message.headers().get(BusProtocol.HEADER_NODE_UID));
    waiting.add(new Waiting(message, request, caller, connection, until));
    if (waiting.size() == 1) {
      context.runOnContext(turn -> decideSome());
    }
  }

  private long arrived(Message<Buffer> message) {
    String stamped = message.headers().get(EdgeRequests.ARRIVED);
    return stamped == null ? clock.millis() : Long.parseLong(stamped);
  }

  private long waitMillis(CredentialRequest request) {
    Long waits = request.waitMillis();
    return waits == null ? deadline.toMillis() : Math.min(deadline.toMillis(), waits);
  }

  private void decideSome() {
    for (int verified = 0; verified < VERIFIED_IN_A_TURN && !waiting.isEmpty(); ) {
      verified += decide(waiting.remove()) ? 1 : 0;
    }
    if (!waiting.isEmpty()) {
      context.runOnContext(turn -> decideSome());
    }
  }

  /** Answers whether somebody still waits, so that there is something to verify. */
  private boolean decide(Waiting next) {
    long left = next.untilMillis() - clock.millis();
    if (left <= 0) {
      underWay.decrementAndGet();
      meters.request("late");
      next.message().reply(Bodies.of(unavailable("the request waited for too long", 0)));
      return false;
    }
    decide(next.request(), next.caller(), next.connection(), next.untilMillis())
        .timeout(Math.min(left, deadline.toMillis()), TimeUnit.MILLISECONDS)
        .otherwise(CredentialHandler::failed)
        .onSuccess(
            answer -> {
              underWay.decrementAndGet();
              reply(next.message(), answer);
            });
    return true;
  }

  private static @Nullable CredentialRequest read(Message<Buffer> message) {
    try {
      return Bodies.read(message.body(), CredentialRequest.class);
    } catch (MalformedRecordException e) {
      return null;
    }
  }

  private Future<CredentialReply> decide(
      CredentialRequest request, Caller caller, String connection, long untilMillis) {
    // From a future on, so that what throws fails the answer and not the event loop.
    return Future.succeededFuture(request.token())
        .compose(
            token ->
                Future.fromCompletionStage(
                    tokens.verify(token, caller, request.priority()), context))
        .compose(verification -> decide(request, caller, connection, untilMillis, verification));
  }

  private Future<CredentialReply> decide(
      CredentialRequest request,
      Caller caller,
      String connection,
      long untilMillis,
      TokenVerification verification) {
    return switch (verification) {
      case TokenVerification.Rejected rejected -> {
        refusals.refused(caller, rejected);
        yield Future.succeededFuture(
            new CredentialReply.Refused(
                rejected.reason(), rejected.message(), null, positions.apply(caller.cluster())));
      }
      case TokenVerification.UnknownKey unknown ->
          Future.succeededFuture(unavailable("keys of the issuer cannot be fetched now", 0));
      case TokenVerification.Unconfirmed(var message) ->
          Future.succeededFuture(unavailable(message, 0));
      case TokenVerification.Verified verified -> {
        asked.accept(connection, AssociationKey.of(verified.workload()));
        yield Future.fromCompletionStage(
                issuer.issue(
                    verified.workload(),
                    request.priority(),
                    request.minPosition(),
                    Duration.ofMillis(Math.max(1, untilMillis - clock.millis()))),
                context)
            .map(outcome -> reply(verified, outcome));
      }
    };
  }

  private static CredentialReply reply(TokenVerification.Verified token, IssueOutcome outcome) {
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
        ? unavailable("the credentials could not be had in time", 0)
        : unavailable("the broker failed to answer", 0);
  }

  private static CredentialReply unavailable(String message, long retryAfterMillis) {
    return new CredentialReply.Unavailable(message, retryAfterMillis);
  }

  private void reply(Message<Buffer> message, CredentialReply reply) {
    meters.request(
        switch (reply) {
          case CredentialReply.Issued issued -> "issued";
          case CredentialReply.Refused refused -> "refused";
          case CredentialReply.Unavailable later -> "unavailable";
        });
    message.reply(Bodies.of(reply));
  }
}
