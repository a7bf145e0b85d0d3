package io.claviger.schemas.bus;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.claviger.schemas.Check;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Revocation;
import java.util.List;
import java.util.Map;

/** The answer to {@link SnapshotRequest}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = SnapshotReply.Offered.class, name = "offered"),
  @JsonSubTypes.Type(value = SnapshotReply.Page.class, name = "page"),
  @JsonSubTypes.Type(value = SnapshotReply.Changed.class, name = "changed"),
  @JsonSubTypes.Type(value = SnapshotReply.NotCaughtUp.class, name = "not-caught-up"),
})
public sealed interface SnapshotReply {

  /** The maximum number of entries in one {@link Page}. */
  int PAGE = 200;

  /**
   * The snapshot that this broker offers.
   *
   * @param digest of associations, revocations and positions
   * @param size how many associations and revocations
   * @param positions how far each cluster's log has been applied
   * @param ageMillis time since the log last answered the broker that has read it
   */
  record Offered(String digest, int size, Map<String, Position> positions, long ageMillis)
      implements SnapshotReply {
    public Offered {
      Check.text(digest, "digest");
      positions = Map.copyOf(positions);
      if (size < 0 || ageMillis < 0) {
        throw new IllegalArgumentException("size and age are not negative");
      }
    }
  }

  /** One page of entries in order, associations first; empty if there are no more. */
  record Page(List<Association> associations, List<Revocation> revocations)
      implements SnapshotReply {
    public Page {
      associations = List.copyOf(associations);
      revocations = List.copyOf(revocations);
    }

    /** Returns the number of entries in the page. */
    public int size() {
      return associations.size() + revocations.size();
    }
  }

  /** The broker no longer has the offered snapshot: request another offer. */
  record Changed() implements SnapshotReply {}

  /** This broker has no snapshot that it may offer. */
  record NotCaughtUp() implements SnapshotReply {}
}
