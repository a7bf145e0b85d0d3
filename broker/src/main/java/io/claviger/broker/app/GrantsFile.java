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

/** The grants as their file says; what nobody wrote a file for is granted to nobody. */
final class GrantsFile {

  private GrantsFile() {}

  /**
   * Reads the file now, and again when it changes; grants that cannot be read leave those before in
   * force.
   *
   * @throws io.claviger.config.settings.SettingsException when it cannot be read the first time
   */
  static Supplier<Grants> open(Vertx vertx, Path file) {
    return open(vertx, file, ReloadedYaml.EVERY);
  }

  /** As {@link #open(Vertx, Path)}, looking at the file that often. */
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
            "a grant is for exactly one of key (the name of an access key) and namespace (whose"
                + " Kubernetes objects may ask)");
      }
      return key != null ? Grant.KEY + key : Grant.NAMESPACE + namespace;
    }

    private List<NamePattern> ownNamespace(String objects) {
      if (namespaces != null) {
        throw new IllegalArgumentException(
            "namespaces is for keys: the objects of a namespace are for that namespace alone");
      }
      return patterns(List.of(objects));
    }

    private static List<NamePattern> patterns(@Nullable List<String> texts) {
      return texts == null ? List.of() : texts.stream().map(NamePattern::new).toList();
    }
  }
}
