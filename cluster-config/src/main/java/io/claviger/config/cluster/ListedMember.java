package io.claviger.config.cluster;

import io.claviger.config.lifecycle.HostPort;
import io.claviger.config.settings.SettingsException;
import java.util.regex.Pattern;

/**
 * One of the members to join: an address, or a name with one or more addresses.
 *
 * @param host IPv6 without brackets
 * @param port where Hazelcast listens there
 */
record ListedMember(String host, int port) {

  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /**
   * Reads a name or an address, with or without {@code :port}. An IPv6 address with a port is in
   * brackets.
   *
   * @param usual the port if the text has none
   * @throws SettingsException quoting the text
   */
  static ListedMember parse(String text, int usual) {
    boolean bare = text.indexOf(':') < 0 || (!text.startsWith("[") && isIpv6(text));
    if (bare) {
      return new ListedMember(text, usual);
    }
    HostPort at = HostPort.parse(text.endsWith("]") ? text + ":" + usual : text);
    return new ListedMember(at.host(), at.port());
  }

  /** A host name has no colon; a single colon precedes a port. */
  private static boolean isIpv6(String text) {
    return text.indexOf(':') != text.lastIndexOf(':');
  }

  /** Whether it is an address, which needs no lookup. */
  boolean isAddress() {
    return host.indexOf(':') >= 0 || IPV4.matcher(host).matches();
  }

  @Override
  public String toString() {
    return new HostPort(host, port).toString();
  }
}
