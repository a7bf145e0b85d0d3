package io.claviger.schemas.bus;

import org.jspecify.annotations.Nullable;

/**
 * A broker that cannot read the log asks another for its table: first what it has, then for a page
 * after the other.
 *
 * @param version of the protocol
 * @param digest of the table that was offered; absent to be offered one
 * @param from index of the page's first association
 */
public record SnapshotRequest(int version, @Nullable String digest, int from) {

  public SnapshotRequest {
    if (from < 0) {
      throw new IllegalArgumentException("from is not negative");
    }
  }

  /** What do you have? */
  public static SnapshotRequest offer() {
    return new SnapshotRequest(BusProtocol.VERSION, null, 0);
  }

  /** The page of the offered table that begins there. */
  public static SnapshotRequest page(String digest, int from) {
    return new SnapshotRequest(BusProtocol.VERSION, digest, from);
  }
}
