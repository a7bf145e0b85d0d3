package io.claviger.broker.cli.pki;

import io.claviger.broker.StrictModels;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Runs {@code pki} in a directory and reads the files that it wrote. */
final class MadeFiles {

  static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");

  final Path directory;

  MadeFiles(Path directory) {
    this.directory = directory;
  }

  record Ran(int code, String out, String err) {}

  /** The files of a mounted Secret. */
  record Texts(Map<String, String> files) {
    String get(String file) {
      return Objects.requireNonNull(files.get(file), file);
    }

    X509Certificate certificate() {
      return certificates(get("tls.crt")).getFirst();
    }
  }

  Ran run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(new PkiCommand(() -> NOW))
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Ran(code, out.toString(), err.toString());
  }

  Ran make(String... more) {
    return run(
        Stream.concat(Stream.of("--out", directory.toString()), Stream.of(more))
            .toArray(String[]::new));
  }

  String text(String name) {
    try {
      return Files.readString(directory.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Texts secret(String name) {
    Secret secret = StrictModels.readYaml(text(name + ".yaml"), Secret.class);
    return new Texts(
        secret.getData().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> decoded(entry.getValue()))));
  }

  static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  static List<X509Certificate> certificates(String pem) {
    return Pem.certificates(pem, "a test's text");
  }
}
