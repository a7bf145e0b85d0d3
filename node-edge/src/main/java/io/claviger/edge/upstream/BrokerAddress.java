package io.claviger.edge.upstream;

/**
 * One broker that may be connected to.
 *
 * @param name as configured: what its certificate has to be for
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
