package io.claviger.localmesh;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The environment that members are started with: this process's, without what would lead them to
 * other credentials, other settings, or through a proxy.
 */
final class Environment {

  private Environment() {}

  /** Without anything of AWS's. */
  static Map<String, String> clean(Map<String, String> environment) {
    return without(environment, name -> name.startsWith("AWS_"));
  }

  /**
   * With this process's own AWS credentials, for a mesh that calls AWS; never the container's: that
   * would be a broker that asks an edge.
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
