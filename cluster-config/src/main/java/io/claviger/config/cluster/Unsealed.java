package io.claviger.config.cluster;

/** What came of opening a sealed value. */
public sealed interface Unsealed {

  /** The value; {@link #toString()} hides it. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Opened(byte[] plain) implements Unsealed {
    @Override
    public String toString() {
      return "Opened[" + plain.length + " bytes]";
    }
  }

  /** Its time is over; it has not been opened. */
  record Expired() implements Unsealed {}

  /**
   * It is not what this broker's keys sealed under this name: another format, an unknown key,
   * altered, or moved here from another name.
   */
  record Unreadable(String why) implements Unsealed {}
}
