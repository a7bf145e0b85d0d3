package io.claviger.schemas.bus;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.claviger.schemas.Check;
import io.claviger.schemas.association.Position;
import java.util.List;

/** A broker's answer to a {@link Sync}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = SyncReply.Synced.class, name = "synced"),
  @JsonSubTypes.Type(value = SyncReply.Behind.class, name = "behind"),
})
public sealed interface SyncReply {

  /**
   * All entries but these are current.
   *
   * @param position of the cluster's log at which the broker answered: the edge's or later
   * @param changed the entries of the request whose association was changed, removed or created
   */
  record Synced(Position position, List<Sync.Known> changed) implements SyncReply {
    public Synced {
      Check.present(position, "position");
      changed = List.copyOf(Check.present(changed, "changed"));
    }
  }

  /**
   * This broker cannot answer: it is behind the edge's position, or cannot measure how far it is
   * behind. It still pushes changes as it applies them.
   *
   * @param position of the cluster's log that this broker has applied
   */
  record Behind(Position position) implements SyncReply {
    public Behind {
      Check.present(position, "position");
    }
  }
}
