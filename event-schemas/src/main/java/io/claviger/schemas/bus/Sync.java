package io.claviger.schemas.bus;

import io.claviger.schemas.Check;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An edge reports what it caches and what it was refused. From then on the broker pushes to this
 * connection what concerns these service accounts, and at once it says what of it is not so any
 * more. What is more than fits into one request comes in several.
 *
 * @param version of the protocol the edge speaks
 * @param position the newest position of the cluster's log that the edge has seen
 * @param known what it knows, at most {@link #MAX_KNOWN}
 */
public record Sync(int version, Position position, List<Known> known) {

  /** So many entries, of the longest names that Kubernetes permits, fit into a frame. */
  public static final int MAX_KNOWN = 100;

  public Sync {
    Check.present(position, "position");
    known = Check.list(known, "known", MAX_KNOWN);
  }

  /**
   * What an edge knows of a service account.
   *
   * @param key the service account
   * @param associationId the association of a session that is cached; absent when it was refused
   * @param revision of that association; 0 when it was refused
   */
  public record Known(AssociationKey key, @Nullable String associationId, long revision) {
    public Known {
      Check.present(key, "key");
    }

    /** It was refused: as far as the edge knows, it has no association. */
    public static Known refused(AssociationKey key) {
      return new Known(key, null, 0);
    }
  }
}
