package io.claviger.config.cluster;

/** The result of opening a sealed value. */
public sealed interface Unsealed {

  /** The value; {@link #toString()} hides it. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Opened(byte[] plain) implements Unsealed {
    @Override
    public String toString() {
      return "Opened[" + plain.length + " bytes]";
    }
  }

  /** The value has expired and was not opened. */
  record Expired() implements Unsealed {}

  /**
   * Not a value that this broker's keys sealed under this name: another format, an unknown key,
   * altered, or moved from another name.
   */
  record Unreadable(String why) implements Unsealed {}
}
