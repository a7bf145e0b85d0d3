package io.claviger.config.settings;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Loads a program's typed settings. The environment ({@code CLAVIGER_BROKER_NAME} for {@code
 * claviger.broker.name}) overrides YAML files; {@code --set key=value} overrides both.
 *
 * <p>Failures are {@link SettingsException}s whose message names the key, the variable or the file.
 * Unknown keys and variables under the program's prefix are failures too. Variables that Kubernetes
 * sets for Services are ignored.
 */
public final class SettingsLoader {

  private static final int FILE_ORDINAL = 100;
  private static final int ENVIRONMENT_ORDINAL = 300;
  private static final int SET_ORDINAL = 400;
  private static final int DURATION_PRIORITY = 200;

  private SettingsLoader() {}

  /**
   * Loads settings.
   *
   * @param type an interface annotated with {@link ConfigMapping}
   * @param files YAML files; a later one wins
   * @param environment the process's environment
   * @param sets {@code key=value} of the command line; keys without the prefix get it
   * @throws SettingsException naming what is wrong
   */
  public static <T> T load(
      Class<T> type, List<Path> files, Map<String, String> environment, List<String> sets) {
    String prefix = type.getAnnotation(ConfigMapping.class).prefix();
    Map<String, String> variables = SettingsVariables.withoutServices(environment);
    List<String> problems = new SettingsVariables(type).problems(variables.keySet());
    SmallRyeConfigBuilder builder =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withMapping(type)
            .withConverter(Duration.class, DURATION_PRIORITY, SettingsLoader::duration)
            .withSources(new EnvConfigSource(variables, ENVIRONMENT_ORDINAL))
            .withSources(
                new PropertiesConfigSource(assignments(sets, prefix), "--set", SET_ORDINAL));
    for (int i = 0; i < files.size(); i++) {
      builder.withSources(yaml(files.get(i), FILE_ORDINAL + i));
    }
    try {
      T settings = builder.build().getConfigMapping(type);
      if (problems.isEmpty()) {
        return settings;
      }
      throw new SettingsException(String.join("; ", problems));
    } catch (ConfigValidationException e) {
      throw new SettingsException(
          Stream.concat(problems.stream(), problems(e)).collect(Collectors.joining("; ")));
    } catch (IllegalArgumentException e) {
      throw new SettingsException(String.valueOf(e.getMessage()));
    }
  }

  private static Duration duration(String text) {
    Duration duration = Durations.parse(text);
    if (duration.isNegative()) {
      throw new IllegalArgumentException("a duration must not be negative: '" + text + "'");
    }
    return duration;
  }

  private static YamlConfigSource yaml(Path file, int ordinal) {
    try {
      return new YamlConfigSource(file.toString(), Files.readString(file), ordinal);
    } catch (IOException e) {
      throw new SettingsException("cannot read the settings file " + file + ": " + e.getMessage());
    } catch (RuntimeException e) {
      throw new SettingsException("the settings file " + file + " is not YAML: " + e.getMessage());
    }
  }

  private static Map<String, String> assignments(List<String> sets, String prefix) {
    Map<String, String> assigned = new LinkedHashMap<>();
    for (String set : sets) {
      int equals = set.indexOf('=');
      if (equals < 1) {
        throw new SettingsException("--set needs key=value, not '" + set + "'");
      }
      String key = set.substring(0, equals);
      assigned.put(
          key.startsWith(prefix + ".") ? key : prefix + "." + key, set.substring(equals + 1));
    }
    return assigned;
  }

  private static Stream<String> problems(ConfigValidationException e) {
    return IntStream.range(0, e.getProblemCount()).mapToObj(i -> e.getProblem(i).getMessage());
  }
}
