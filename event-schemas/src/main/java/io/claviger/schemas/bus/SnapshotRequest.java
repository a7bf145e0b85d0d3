package io.claviger.schemas.bus;

import org.jspecify.annotations.Nullable;

/**
 * A broker that cannot read the log requests a snapshot from another broker: first an offer, then
 * one page after the other.
 *
 * @param version of the protocol
 * @param digest of the offered snapshot; absent to request an offer
 * @param from index of the page's first association
 */
public record SnapshotRequest(int version, @Nullable String digest, int from) {

  public SnapshotRequest {
    if (from < 0) {
      throw new IllegalArgumentException("from is not negative");
    }
  }

  /** Requests an offer. */
  public static SnapshotRequest offer() {
    return new SnapshotRequest(BusProtocol.VERSION, null, 0);
  }

  /** Requests the page of the offered snapshot that begins at {@code from}. */
  public static SnapshotRequest page(String digest, int from) {
    return new SnapshotRequest(BusProtocol.VERSION, digest, from);
  }
}
