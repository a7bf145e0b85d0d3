package io.claviger.broker.cli.pki;

import io.claviger.broker.StrictModels;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Reads what was made. */
final class MadeFiles {

  private MadeFiles() {}

  /** What a Secret holds, as its files have it where it is mounted. */
  record Texts(Map<String, String> files) {
    String get(String file) {
      return Objects.requireNonNull(files.get(file), file);
    }

    X509Certificate certificate() {
      return certificates(get("tls.crt")).getFirst();
    }
  }

  static String text(Path directory, String name) {
    try {
      return Files.readString(directory.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Texts secret(Path directory, String name) {
    Secret secret = StrictModels.readYaml(text(directory, name + ".yaml"), Secret.class);
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
