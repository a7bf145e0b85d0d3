package io.claviger.broker.issuance;

import io.claviger.broker.telemetry.Meters;
import io.claviger.schemas.bus.OpenResult;
import io.claviger.schemas.bus.OpenSession;
import io.claviger.schemas.bus.RequestPriority;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.search.Search;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A broker that requests a session, and the owner of its key, whose replies a test may script. */
final class TwoBrokers {
  /** The maximum silence, in ms, of an owner that has not answered yet. */
  static final long COLD = 600;

  /** After this many answers, the timeout is that of fast owners. */
  private static final int ENOUGH = 128;

  /** The number of the association and of the session after {@link #ownersAnswerQuickly()}. */
  static final int NEXT = ENOUGH + 1;

  final VirtualMesh mesh = new VirtualMesh();
  final FakeAssociations ownersTable = new FakeAssociations();
  final List<String> nodes = new ArrayList<>();
  final List<OpenSession> asked = new ArrayList<>();
  final Deque<Supplier<CompletionStage<OpenResult>>> replies = new ArrayDeque<>();
  SessionOwners.Owner seen = new SessionOwners.Owner.Peer("node-b");
  private final Issuance owner =
      mesh.broker(
          ownersTable,
          key -> new SessionOwners.Owner.Here(),
          (node, request, timeout) -> new CompletableFuture<>());
  final Issuance requester = mesh.broker(mesh.table, key -> seen, this::ask);

  TwoBrokers() {
    associate(1);
  }

  private CompletionStage<OpenResult> ask(String nodeId, OpenSession request, Duration timeout) {
    nodes.add(nodeId);
    asked.add(request);
    Supplier<CompletionStage<OpenResult>> scripted = replies.poll();
    CompletionStage<OpenResult> reply =
        scripted != null ? scripted.get() : owner.handler().open(request);
    return DetachedWait.detached(reply).timeout(timeout, mesh.time).toFuture();
  }

  void associate(int revision) {
    mesh.table.put(Samples.association(revision));
    ownersTable.put(Samples.association(revision));
  }

  CompletableFuture<IssueOutcome> issue() {
    return mesh.issue(requester);
  }

  CompletableFuture<IssueOutcome> issue(RequestPriority priority) {
    return mesh.issue(requester, priority);
  }

  void ownersAnswerQuickly() {
    for (int revision = 1; revision <= ENOUGH; revision++) {
      associate(revision);
      VirtualMesh.issued(issue());
    }
    asked.clear();
    associate(NEXT);
  }

  /** Leaves the next requests to the owner without a reply. */
  void ownerIsSilent(int requests) {
    for (int i = 0; i < requests; i++) {
      replies.add(CompletableFuture::new);
    }
  }

  void ownerReplies(OpenResult reply) {
    replies.add(() -> CompletableFuture.completedFuture(reply));
  }

  void ownerCannotBeReached() {
    replies.add(() -> CompletableFuture.failedFuture(new IllegalStateException("no handlers")));
  }

  void ownerLeavesTheKeyTo(String nodeId) {
    replies.add(
        () -> {
          seen = new SessionOwners.Owner.Peer(nodeId);
          return CompletableFuture.failedFuture(new IllegalStateException("no handlers"));
        });
  }

  double takeOvers(String cause) {
    return count(mesh.meters.find(Meters.OWNER_TAKEOVERS).tag(Meters.CAUSE, cause));
  }

  double askedAgain() {
    return count(mesh.meters.find(Meters.OWNER_ASKED_AGAIN));
  }

  private static double count(Search found) {
    return found.counters().stream().mapToDouble(Counter::count).sum();
  }
}
