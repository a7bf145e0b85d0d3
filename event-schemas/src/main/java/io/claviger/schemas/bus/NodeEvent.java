package io.claviger.schemas.bus;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.claviger.schemas.Check;
import io.claviger.schemas.event.ServedFrom;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event at an edge, for the audit stream. It does not contain cluster and node: the broker takes
 * them from the connection's login.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = NodeEvent.Delivered.class, name = "delivered"),
  @JsonSubTypes.Type(value = NodeEvent.StalenessExceeded.class, name = "staleness-exceeded"),
  @JsonSubTypes.Type(value = NodeEvent.StalenessEnded.class, name = "staleness-ended"),
})
public sealed interface NodeEvent {

  /** Returns when it happened, by the edge's clock. */
  Instant at();

  /**
   * The edge served an access key to a pod for the first time. The limits of Kubernetes and STS
   * bound all texts.
   *
   * @param namespace of the pod, from its verified token, as the next three
   * @param serviceAccount of the pod
   * @param podName the pod's name
   * @param podUid the pod's uid
   * @param associationId the association that gives the role; absent if unknown
   * @param revision of the association; absent if unknown
   * @param accessKeyId names the session; no secret
   * @param expiration of the session
   * @param sessionName of the session; absent if unknown
   * @param servedFrom where the edge got the credentials from
   */
  record Delivered(
      Instant at,
      String namespace,
      String serviceAccount,
      String podName,
      String podUid,
      @Nullable String associationId,
      @Nullable Long revision,
      String accessKeyId,
      Instant expiration,
      @Nullable String sessionName,
      ServedFrom servedFrom)
      implements NodeEvent {

    private static final int LABEL = 63;
    private static final int NAME = 253;
    private static final int ID = 64;
    private static final int ACCESS_KEY_ID = 128;

    public Delivered {
      Check.present(at, "at");
      Check.text(namespace, "namespace", LABEL);
      Check.text(serviceAccount, "serviceAccount", NAME);
      Check.text(podName, "podName", NAME);
      Check.text(podUid, "podUid", ID);
      if (associationId != null) {
        Check.text(associationId, "associationId", ID);
      }
      Check.text(accessKeyId, "accessKeyId", ACCESS_KEY_ID);
      Check.present(expiration, "expiration");
      if (sessionName != null) {
        Check.text(sessionName, "sessionName", ID);
      }
      Check.present(servedFrom, "servedFrom");
    }
  }

  /** No broker has been connected for too long: the edge stops serving cached credentials. */
  record StalenessExceeded(Instant at) implements NodeEvent {
    public StalenessExceeded {
      Check.present(at, "at");
    }
  }

  /** The edge serves cached credentials again. */
  record StalenessEnded(Instant at) implements NodeEvent {
    public StalenessEnded {
      Check.present(at, "at");
    }
  }
}
