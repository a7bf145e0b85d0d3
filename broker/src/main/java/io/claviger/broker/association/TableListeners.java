package io.claviger.broker.association;

import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Revocation;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners of a table. An exception in one listener does not affect the others. */
final class TableListeners {

  private static final Logger LOG = LoggerFactory.getLogger(TableListeners.class);

  private final List<AssociationListener> associations = new CopyOnWriteArrayList<>();
  private final List<RevocationListener> revocations = new CopyOnWriteArrayList<>();

  void add(AssociationListener listener) {
    associations.add(listener);
  }

  void add(RevocationListener listener) {
    revocations.add(listener);
  }

  void changed(TableContent.Change made, Position position, Position follows) {
    TableChange change =
        new TableChange(made.key(), made.before(), made.after(), position, follows);
    report(associations, made.key().cluster(), listener -> listener.applied(change));
  }

  void missed(String cluster, Position position) {
    report(associations, cluster, listener -> listener.missed(cluster, position));
  }

  void revoked(Revocation revocation, boolean inForce, Position position) {
    report(
        revocations,
        revocation.cluster(),
        listener -> listener.revoked(revocation, inForce, position));
  }

  private static <T> void report(List<T> listeners, String cluster, Consumer<T> event) {
    for (T listener : listeners) {
      try {
        event.accept(listener);
      } catch (RuntimeException e) {
        LOG.atError().addKeyValue("cluster", cluster).setCause(e).log("listener failed");
      }
    }
  }
}
