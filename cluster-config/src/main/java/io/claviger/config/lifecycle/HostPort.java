package io.claviger.config.lifecycle;

import io.claviger.config.settings.SettingsException;

/**
 * An address to listen on or to connect to.
 *
 * @param host a name or an address; IPv6 without brackets
 * @param port 0 to 65535; 0 lets the system choose
 */
public record HostPort(String host, int port) {

  private static final int MAX_PORT = 65_535;

  /**
   * Reads {@code host:port}; an IPv6 address is in brackets.
   *
   * @throws SettingsException quoting the text
   */
  public static HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 1 ? "" : text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      host = "";
    }
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (host.isEmpty() || port < 0 || port > MAX_PORT) {
        throw wrong(text);
      }
      return new HostPort(host, port);
    } catch (NumberFormatException e) {
      throw wrong(text);
    }
  }

  private static SettingsException wrong(String text) {
    return new SettingsException("not host:port (IPv6 in brackets): '" + text + "'");
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
