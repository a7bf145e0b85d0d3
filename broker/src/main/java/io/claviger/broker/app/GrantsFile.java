package io.claviger.broker.app;

import io.claviger.broker.association.Grant;
import io.claviger.broker.association.Grants;
import io.claviger.broker.association.NamePattern;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The grants from their file; without a file nothing is granted. */
final class GrantsFile {

  private GrantsFile() {}

  /**
   * Reads the file now, and again after each change. If a changed file cannot be read, the previous
   * grants stay in force.
   *
   * @throws io.claviger.config.settings.SettingsException if the first reading fails
   */
  static Supplier<Grants> open(Vertx vertx, Path file) {
    return open(vertx, file, ReloadedYaml.EVERY);
  }

  /** Like {@link #open(Vertx, Path)}, with the given interval between checks of the file. */
  static Supplier<Grants> open(Vertx vertx, Path file, Duration every) {
    return ReloadedYaml.open(vertx, file, every, "grants", Document.class, Document::read);
  }

  private record Document(@Nullable List<@Nullable Entry> grants) {
    Grants read() {
      return new Grants(StrictYaml.entries("grants", grants, Entry::grant));
    }
  }

  private record Entry(
      @Nullable String key,
      @Nullable String namespace,
      @Nullable String cluster,
      @Nullable List<String> namespaces,
      @Nullable List<String> roles,
      @Nullable List<String> targetRoles,
      @Nullable Boolean assume,
      @Nullable Boolean revoke) {

    Grant grant() {
      return new Grant(
          principal(),
          new NamePattern(StrictYaml.required("cluster", cluster)),
          namespace == null
              ? patterns(StrictYaml.required("namespaces", namespaces))
              : ownNamespace(namespace),
          patterns(roles),
          patterns(targetRoles),
          Boolean.TRUE.equals(assume),
          Boolean.TRUE.equals(revoke));
    }

    private String principal() {
      if ((key == null) == (namespace == null)) {
        throw new IllegalArgumentException(
            "a grant has exactly one of key (the name of an access key) and namespace (whose"
                + " Kubernetes objects it covers)");
      }
      return key != null ? Grant.KEY + key : Grant.NAMESPACE + namespace;
    }

    private List<NamePattern> ownNamespace(String objects) {
      if (namespaces != null) {
        throw new IllegalArgumentException(
            "namespaces is for keys: the objects of a namespace act only in that namespace");
      }
      return patterns(List.of(objects));
    }

    private static List<NamePattern> patterns(@Nullable List<String> texts) {
      return texts == null ? List.of() : texts.stream().map(NamePattern::new).toList();
    }
  }
}
