package io.claviger.schemas.bus;

import io.claviger.schemas.Check;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An edge reports its cached sessions and refusals. The broker answers at once which of them are no
 * longer current. From then on it pushes to this connection the changes of these service accounts.
 * An edge with more entries than fit into one request sends several.
 *
 * @param version of the protocol that the edge uses
 * @param position the newest position of the cluster's log that the edge has seen
 * @param known the edge's entries, at most {@link #MAX_KNOWN}
 */
public record Sync(int version, Position position, List<Known> known) {

  /** This many entries, with the longest names that Kubernetes permits, fit into a frame. */
  public static final int MAX_KNOWN = 100;

  public Sync {
    Check.present(position, "position");
    known = Check.list(known, "known", MAX_KNOWN);
  }

  /**
   * An edge's entry for a service account.
   *
   * @param key the service account
   * @param associationId the association of a cached session; absent for a refusal
   * @param revision of that association; 0 for a refusal
   */
  public record Known(AssociationKey key, @Nullable String associationId, long revision) {
    public Known {
      Check.present(key, "key");
    }

    /**
     * Returns the entry of a refusal: the edge last saw the service account without an association.
     */
    public static Known refused(AssociationKey key) {
      return new Known(key, null, 0);
    }
  }
}
