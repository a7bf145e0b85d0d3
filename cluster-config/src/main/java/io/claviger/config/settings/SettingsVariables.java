package io.claviger.config.settings;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The environment variables of a program's settings. Kubernetes sets variables for each Service of
 * the namespace; those of a Service with the program's name ({@code claviger-broker}) have the same
 * prefix but are no settings.
 */
final class SettingsVariables {

  private static final String HOST_OF_SERVICE = "_SERVICE_HOST";

  /** What Kubernetes sets for a Service beside its host, after the Service's name. */
  private static final Pattern OF_SERVICE =
      Pattern.compile(
          "_SERVICE_HOST|_SERVICE_PORT(_[A-Z0-9_]+)?"
              + "|_PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?");

  private static final Pattern ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

  /** The number of a list element; all elements have the same settings. */
  private static final Pattern ELEMENT = Pattern.compile("_\\d+_");

  /** A name with more typing errors than this counts as another word. */
  private static final int NEAR = 3;

  private final String prefix;
  private final Set<String> known;

  SettingsVariables(Class<?> settings) {
    String keys = settings.getAnnotation(ConfigMapping.class).prefix();
    this.prefix = variable(keys) + "_";
    this.known =
        ConfigMappings.getProperties(ConfigClass.configClass(settings, keys)).keySet().stream()
            .map(key -> key.replace("[*]", "[0]"))
            .filter(key -> !key.contains("*"))
            .map(SettingsVariables::variable)
            .collect(Collectors.toSet());
  }

  private static String variable(String key) {
    return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
  }

  /** Returns the environment without the variables that Kubernetes has set for Services. */
  static Map<String, String> withoutServices(Map<String, String> environment) {
    List<String> services =
        environment.keySet().stream()
            .filter(name -> name.endsWith(HOST_OF_SERVICE))
            .map(name -> name.substring(0, name.length() - HOST_OF_SERVICE.length()))
            .toList();
    Map<String, String> rest = new TreeMap<>(environment);
    rest.entrySet()
        .removeIf(
            set ->
                services.stream()
                    .anyMatch(service -> isOfService(service, set.getKey(), set.getValue())));
    return rest;
  }

  private static boolean isOfService(String service, String name, String value) {
    if (!name.startsWith(service)) {
      return false;
    }
    String rest = name.substring(service.length());
    // A port may be a setting too (claviger.broker.api.port); an address is none.
    return rest.equals("_PORT")
        ? ADDRESS.matcher(value).matches()
        : OF_SERVICE.matcher(rest).matches();
  }

  /** Returns the problems of the variables with the program's prefix, ordered by variable name. */
  List<String> problems(Collection<String> names) {
    return names.stream()
        .filter(name -> name.startsWith(prefix) && !known.contains(first(name)))
        .sorted()
        .map(name -> "the environment variable " + name + " is no setting" + near(name))
        .toList();
  }

  /** Returns the variable of the first element, if this is one of an element. */
  private static String first(String name) {
    return ELEMENT.matcher(name).replaceAll("_0_");
  }

  private String near(String name) {
    return known.stream()
        .filter(other -> distance(first(name), other) <= NEAR)
        .min(Comparator.comparingInt(other -> distance(first(name), other)))
        .map(other -> "; did you mean " + other.replace("_0_", element(name)) + "?")
        .orElse("");
  }

  private static String element(String name) {
    Matcher element = ELEMENT.matcher(name);
    return element.find() ? element.group() : "_0_";
  }

  /** Returns how many characters have to be typed or deleted (Levenshtein). */
  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[other.length()];
  }
}
