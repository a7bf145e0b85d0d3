package io.claviger.edge.workload;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The accepted {@code Host} headers (RFC 9112, section 3.2): the addresses that the edge listens
 * on. A web page that rebinds its name to a link-local address therefore gets nothing. Addresses
 * are compared as addresses, without any lookup. Immutable.
 */
public final class ServedHosts {

  /** The addresses of EKS Pod Identity's agent, which every SDK uses. */
  private static final Set<String> LINK_LOCAL = Set.of("169.254.170.23", "fd00:ec2::23");

  private static final int MAX_HOST_CHARACTERS = 64;

  /** Only a certain literal may reach {@link InetAddress}, which looks up everything else. */
  private static final Pattern V4 =
      Pattern.compile("((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$)|$)){4}");

  private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f]*:[0-9A-Fa-f:.]*");

  private final boolean allowLoopback;
  private final Set<InetAddress> addresses = new HashSet<>();

  /** The addresses as clients write them, so that most requests need no parsing. */
  private final Set<String> exact = new HashSet<>();

  /**
   * Creates the set of accepted hosts.
   *
   * @param listening addresses listened on, without port or brackets, beside the two link-local
   *     ones
   * @param allowLoopback whether every loopback address and {@code localhost} are accepted too
   */
  public ServedHosts(Collection<String> listening, boolean allowLoopback) {
    this.allowLoopback = allowLoopback;
    LINK_LOCAL.forEach(this::serve);
    listening.forEach(this::serve);
  }

  private void serve(String host) {
    InetAddress address = literal(host);
    if (address == null || address.isAnyLocalAddress()) {
      return;
    }
    addresses.add(address);
    exact.add(host);
  }

  /** Whether a request with this {@code Host} is answered. */
  public boolean serves(@Nullable String host) {
    if (host == null || host.length() > MAX_HOST_CHARACTERS) {
      return false;
    }
    String name = withoutPort(host);
    return name != null && (exact.contains(name) || servesName(name));
  }

  private boolean servesName(String name) {
    InetAddress address = literal(name);
    if (address == null) {
      return allowLoopback && name.toLowerCase(Locale.ROOT).equals("localhost");
    }
    return addresses.contains(address) || (allowLoopback && address.isLoopbackAddress());
  }

  private static @Nullable String withoutPort(String host) {
    if (host.startsWith("[")) {
      int end = host.indexOf(']');
      return end > 0 && isPort(host.substring(end + 1)) ? host.substring(1, end) : null;
    }
    int colon = host.indexOf(':');
    if (colon < 0 || host.indexOf(':', colon + 1) >= 0) {
      return host;
    }
    return isPort(host.substring(colon)) ? host.substring(0, colon) : null;
  }

  private static boolean isPort(String rest) {
    return rest.isEmpty()
        || (rest.startsWith(":") && rest.chars().skip(1).allMatch(c -> c >= '0' && c <= '9'));
  }

  /** Returns the address of a literal; absent if the text is none. Does not use a resolver. */
  private static @Nullable InetAddress literal(String text) {
    if (!V4.matcher(text).matches() && !V6.matcher(text).matches()) {
      return null;
    }
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      return null;
    }
  }
}
