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
   * The rest is still so.
   *
   * @param position of the cluster's log that the answer was made at: the edge's or later
   * @param changed those entries of the request whose association is another one, gone, or there
   */
  record Synced(Position position, List<Sync.Known> changed) implements SyncReply {
    public Synced {
      Check.present(position, "position");
      changed = List.copyOf(Check.present(changed, "changed"));
    }
  }

  /**
   * This broker cannot say: it is behind what the edge has seen, or does not know how far it is
   * behind. Changes are pushed nevertheless, once they are known here.
   *
   * @param position of the cluster's log that has been applied here
   */
  record Behind(Position position) implements SyncReply {
    public Behind {
      Check.present(position, "position");
    }
  }
}
