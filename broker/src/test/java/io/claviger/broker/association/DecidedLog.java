package io.claviger.broker.association;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.AssociationOutcome;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A log whose writer decides at once and whose table has the result when it answers. A test can
 * make it unavailable.
 */
public final class DecidedLog implements AssociationCommands {

  public static final String CLUSTER = Specs.CLUSTER;
  public static final String KEY = Specs.TESTER;

  public final AssociationTable table = new AssociationTable(1);
  public final List<AssociationCommand> sent = new CopyOnWriteArrayList<>();
  private final List<AssociationCommand.Operation> refused = new CopyOnWriteArrayList<>();
  private final LogState state = new LogState();
  private final AssociationDecisions decisions =
      new AssociationDecisions(
          Map.of(CLUSTER, Specs.RULES), this::grants, InstantSource.system(), new Random(1));
  private volatile Grants grants = new Grants(List.of(Grant.ofEverything(KEY)));
  private volatile boolean away;

  public DecidedLog() {
    table.reachedEnd(0);
  }

  public Grants grants() {
    return grants;
  }

  /** Adds a grant for the objects of namespaces, besides those of the key. */
  public void grantObjects(String namespaces, String... roles) {
    grants =
        new Grants(
            List.of(
                Grant.ofEverything(KEY),
                Specs.grant(Grant.NAMESPACE + namespaces, namespaces, roles)));
  }

  /** Returns how many commands of a kind were refused. */
  public long refused(Class<?> operation) {
    return refused.stream().filter(operation::isInstance).count();
  }

  public void away(boolean isAway) {
    away = isAway;
  }

  @Override
  public synchronized CompletionStage<AssociationOutcome> send(AssociationCommand command) {
    sent.add(command);
    if (away) {
      return CompletableFuture.failedFuture(new UndecidedException("away"));
    }
    Decision decision = decisions.decide(command, state);
    state.apply(decision);
    if (decision.answer().result() instanceof AssociationOutcome.Refused) {
      refused.add(command.operation());
    }
    decision.entry().ifPresent(entry -> table.apply(0, entry));
    return CompletableFuture.completedFuture(decision.answer());
  }

  /** Sends a command as a caller of the API. */
  public AssociationOutcome.Result ask(AssociationCommand.Operation operation) {
    return askAs(KEY, operation);
  }

  /** Sends a command as another actor. */
  public AssociationOutcome.Result askAs(String actor, AssociationCommand.Operation operation) {
    return send(AssociationCommand.of(
            CLUSTER,
            UUID.randomUUID().toString(),
            actor,
            InstantSource.system().instant(),
            operation))
        .toCompletableFuture()
        .join()
        .result();
  }

  public Optional<Association> association(String namespace, String serviceAccount) {
    return table.current(new AssociationKey(CLUSTER, namespace, serviceAccount));
  }

  /** Returns the sender for objects. */
  public ObjectReconciliation objects() {
    return new ObjectReconciliation(
        this, table, this::grants, InstantSource.system(), () -> UUID.randomUUID().toString());
  }
}
