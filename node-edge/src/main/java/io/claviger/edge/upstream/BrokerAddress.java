package io.claviger.edge.upstream;

/**
 * The address of one broker.
 *
 * @param name as configured: the name that its certificate must have
 * @param ip one address of that name, numeric
 * @param port its bridge's
 */
record BrokerAddress(String name, String ip, int port) {

  /** Whether the name is an address itself, and so not sent as a server name (RFC 6066). */
  boolean isNumeric() {
    return name.equals(ip) || name.indexOf(':') >= 0;
  }

  @Override
  public String toString() {
    return isNumeric() ? ip + ":" + port : name + "(" + ip + "):" + port;
  }
}
