package io.claviger.broker.adapter.kubernetes;

import io.fabric8.kubernetes.client.OAuthTokenProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A service account's token as it is in its file now; some hundred bytes in memory or on tmpfs. */
record TokenFile(Path file) implements OAuthTokenProvider {

  @Override
  public String getToken() {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("the broker's own token cannot be read: " + file, e);
    }
  }
}
