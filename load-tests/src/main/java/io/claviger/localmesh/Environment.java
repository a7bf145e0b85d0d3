package io.claviger.localmesh;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The environment of the mesh's processes: this process's, without variables that name other
 * credentials, other settings or a proxy.
 */
final class Environment {

  private Environment() {}

  /** Removes all AWS variables. */
  static Map<String, String> clean(Map<String, String> environment) {
    return without(environment, name -> name.startsWith("AWS_"));
  }

  /**
   * Keeps this process's own AWS credentials, for a mesh that calls AWS. Drops a container's
   * credentials, with which a broker would call an edge.
   */
  static Map<String, String> cleanForAws(Map<String, String> environment) {
    return without(
        environment,
        name -> name.startsWith("AWS_CONTAINER_") || name.startsWith("AWS_ENDPOINT_URL"));
  }

  private static Map<String, String> without(
      Map<String, String> environment, Predicate<String> unwanted) {
    Map<String, String> clean = new TreeMap<>(environment);
    clean
        .keySet()
        .removeIf(
            name ->
                unwanted.test(name)
                    || name.startsWith("CLAVIGER_")
                    || name.toLowerCase(Locale.ROOT).endsWith("_proxy")
                    || name.equals("JAVA_TOOL_OPTIONS")
                    || name.equals("JDK_JAVA_OPTIONS")
                    || name.equals("CLASSPATH"));
    return clean;
  }
}
