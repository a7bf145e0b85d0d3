package io.claviger.broker.cli.pki;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.util.IPAddress;

/**
 * Additional names of the brokers, besides their Services, for clients outside the cluster. The
 * text form has one name per line.
 *
 * @param dns host names (RFC 1123), also {@code *.example.org}
 * @param ips literal addresses, without brackets, zone or prefix
 */
record FurtherNames(SortedSet<String> dns, SortedSet<String> ips) {

  private static final int MAX_NAME = 253;
  private static final String LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
  private static final Pattern NAME = Pattern.compile("(\\*\\.)?" + LABEL + "(\\." + LABEL + ")*");

  /** The names that clients of {@code kubectl port-forward} use. */
  static final FurtherNames LOOPBACK =
      new FurtherNames(List.of("localhost"), List.of("127.0.0.1", "::1"));

  FurtherNames {
    dns.forEach(FurtherNames::checkName);
    ips.forEach(FurtherNames::checkAddress);
  }

  /**
   * Accepts names in any order and in upper or lower case.
   *
   * @throws IllegalArgumentException whose message names the invalid name or address
   */
  FurtherNames(Collection<String> dns, Collection<String> ips) {
    this(lowerCase(dns), lowerCase(ips));
  }

  /** Parses the text of {@link #text()}, which an operator may have edited. */
  static FurtherNames parse(String text) {
    List<String> lines =
        Arrays.stream(text.split("\\R"))
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .toList();
    return new FurtherNames(
        lines.stream().filter(line -> !IPAddress.isValid(line)).toList(),
        lines.stream().filter(IPAddress::isValid).toList());
  }

  /** Returns the union of both. */
  FurtherNames and(FurtherNames others) {
    return new FurtherNames(
        Stream.concat(dns.stream(), others.dns.stream()).toList(),
        Stream.concat(ips.stream(), others.ips.stream()).toList());
  }

  boolean isEmpty() {
    return dns.isEmpty() && ips.isEmpty();
  }

  /** Returns one name per line. */
  String text() {
    return Stream.concat(dns.stream(), ips.stream())
        .map(name -> name + "\n")
        .collect(Collectors.joining());
  }

  private static SortedSet<String> lowerCase(Collection<String> names) {
    return names.stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void checkName(String name) {
    if (IPAddress.isValid(name)) {
      throw new IllegalArgumentException("'" + name + "' is an IP address, not a host name");
    }
    if (name.length() > MAX_NAME || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("'" + name + "' is not a host name");
    }
  }

  private static void checkAddress(String address) {
    if (!IPAddress.isValid(address)) {
      throw new IllegalArgumentException("'" + address + "' is not an IPv4 or IPv6 address");
    }
  }
}
