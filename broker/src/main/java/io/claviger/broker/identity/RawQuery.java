package io.claviger.broker.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A query string as received, split at {@code &} and {@code =} and not decoded. */
record RawQuery(List<Parameter> parameters) {

  /** The prefix of parameter names that are reserved for signatures. */
  private static final String RESERVED = "x-amz-";

  RawQuery {
    parameters = List.copyOf(parameters);
  }

  static RawQuery of(String text) {
    List<Parameter> parameters = new ArrayList<>();
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      parameters.add(
          equals < 0
              ? new Parameter(pair, pair, "")
              : new Parameter(pair, pair.substring(0, equals), pair.substring(equals + 1)));
    }
    return new RawQuery(parameters);
  }

  /** Returns the names of the signature parameters, in lower case. */
  List<String> signatureNames() {
    return parameters.stream()
        .map(parameter -> parameter.name().toLowerCase(Locale.ROOT))
        .filter(name -> name.startsWith(RESERVED))
        .toList();
  }

  /** Returns the values of all parameters with a name. */
  List<String> values(String name) {
    return parameters.stream()
        .filter(parameter -> parameter.name().equals(name))
        .map(Parameter::value)
        .toList();
  }

  /** Returns the query without the parameters of a name. */
  String without(String name) {
    return parameters.stream()
        .filter(parameter -> !parameter.name().equals(name))
        .map(Parameter::text)
        .collect(Collectors.joining("&"));
  }

  /** One parameter; {@code text} is the whole of it. */
  record Parameter(String text, String name, String value) {}
}
