package io.claviger.broker.identity;

import io.claviger.broker.identity.RequestSignatures.Header;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** A request's headers by name in lower case. */
final class ReceivedHeaders {

  private final SortedMap<String, List<String>> byName = new TreeMap<>();

  ReceivedHeaders(List<Header> headers) {
    for (Header header : headers) {
      byName
          .computeIfAbsent(header.name().toLowerCase(Locale.ROOT), absent -> new ArrayList<>(1))
          .add(header.value());
    }
  }

  Set<String> names() {
    return byName.keySet();
  }

  /** Returns a header's values; empty if there is none. */
  List<String> values(String name) {
    return byName.getOrDefault(name, List.of());
  }

  /** Returns the headers with these names, as far as they are present. */
  SortedMap<String, List<String>> only(List<String> names) {
    SortedMap<String, List<String>> some = new TreeMap<>(byName);
    some.keySet().retainAll(Set.copyOf(names));
    return some;
  }
}
