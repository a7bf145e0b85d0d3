package io.claviger.schemas.bus;

/**
 * Addresses, headers and version of the event-bus protocol between edges and brokers, and among
 * brokers. Bodies are the records of this package as JSON; see {@link
 * io.claviger.schemas.SchemaJson}.
 */
public final class BusProtocol {

  /** The version that this build uses; it also understands the one before. */
  public static final int VERSION = 2;

  /** The largest frame between edge and broker, in bytes, length prefix not counted. */
  public static final int MAX_FRAME_BYTES = 64 * 1024;

  /**
   * Edge to broker, the first frame of a connection: {@link Login}, answered by {@link LoginReply}.
   */
  public static final String LOGIN = "claviger.login";

  /** Edge to broker: {@link CredentialRequest}, answered by {@link CredentialReply}. */
  public static final String CREDENTIALS = "claviger.credentials";

  /**
   * Edge to broker: an empty request, answered by {@link PublishedKeys} of the edge's own cluster.
   */
  public static final String KEYS = "claviger.keys";

  /** Edge to broker: {@link Sync}, answered by {@link SyncReply}. */
  public static final String SYNC = "claviger.sync";

  /**
   * Edge to broker: an empty request, answered by {@link RevokedPods} of the edge's own cluster and
   * node. A broker of an older version refuses it because it has no revocations.
   */
  public static final String REVOKED_PODS = "claviger.revoked-pods";

  /**
   * Edge to broker: {@link NodeEvents}, answered by {@link NodeEventsReply}. A broker of an older
   * version refuses it; the edge then keeps the events for another broker.
   */
  public static final String NODE_EVENTS = "claviger.node-events";

  /**
   * Edge to broker: {@link PodReport}, answered by {@link PodReportReply}. It needs version {@link
   * #PODS_SINCE}: an older broker refuses it and reports nothing about pods.
   */
  public static final String PODS = "claviger.pods";

  /** The first version whose brokers report whether pods exist. */
  public static final int PODS_SINCE = 2;

  /** Broker to edge, pushed once the edge has registered it: {@link PublishedKeys}. */
  public static final String KEYS_CHANGED = "claviger.edge.keys-changed";

  /**
   * Broker to edge, pushed once the edge has registered it: {@link AssociationChanged}, for service
   * accounts that the edge has requested on this connection or reported in a {@link Sync}.
   */
  public static final String ASSOCIATION_CHANGED = "claviger.edge.association-changed";

  /**
   * Broker to edge, pushed once the edge has registered it: {@link RevokedPods}, at each change.
   */
  public static final String REVOKED_PODS_CHANGED = "claviger.edge.revoked-pods-changed";

  /**
   * Broker to edge, pushed once the edge has registered it: {@link PodsGone}, of pods that the edge
   * has reported on this connection.
   */
  public static final String PODS_GONE = "claviger.edge.pods-gone";

  /**
   * Broker to the one broker that owns a session key: {@link OpenSession}, answered by {@link
   * OpenResult}.
   */
  public static String ownerAddress(String nodeId) {
    return "claviger.own." + nodeId;
  }

  /**
   * Broker to another broker, while Kafka is unavailable: {@link SnapshotRequest}, answered by
   * {@link SnapshotReply}.
   */
  public static String snapshotAddress(String nodeId) {
    return "claviger.snapshot." + nodeId;
  }

  private BusProtocol() {}
}
