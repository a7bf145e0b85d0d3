package io.claviger.broker.adapter.oidc;

import io.claviger.config.http.RotatedFiles;
import io.claviger.schemas.Check;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A server that publishes keys, and how to authenticate to it.
 *
 * @param url http or https
 * @param ca authorities that sign its certificate, PEM; the system's if absent
 * @param tokenFile a service account's token, sent as a bearer token; if absent, none is sent
 */
public record KeyServer(URI url, Optional<Path> ca, Optional<Path> tokenFile) {

  public KeyServer {
    Check.present(url, "url");
    if (!"https".equals(url.getScheme()) && !"http".equals(url.getScheme())) {
      throw new IllegalArgumentException("neither http nor https: " + url);
    }
    if (tokenFile.isPresent() && !"https".equals(url.getScheme())) {
      throw new IllegalArgumentException("a token is sent over https only, not to " + url);
    }
  }

  /** Returns this server at another URL. The token is kept only if the server is the same. */
  KeyServer at(URI other) {
    boolean same =
        url.getScheme().equals(other.getScheme())
            && url.getAuthority().equals(other.getAuthority());
    return new KeyServer(other, ca, same ? tokenFile : Optional.empty());
  }

  RotatedFiles files() {
    return new RotatedFiles(tokenFile, ca);
  }
}
