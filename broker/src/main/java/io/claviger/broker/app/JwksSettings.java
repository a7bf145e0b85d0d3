package io.claviger.broker.app;

import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The source of an issuer's public keys. If nothing is set, the source is the API server if {@code
 * kubernetes} is set, else what the issuer publishes, if it is an https URL.
 */
interface JwksSettings {
  /** The issuer's JWKS, for example {@code https://.../openid/v1/jwks}. */
  Optional<URI> url();

  /** A file that holds the JWKS; instead of {@code url}. */
  Optional<Path> file();

  /**
   * Whether the issuer's own document, {@code <issuer>/.well-known/openid-configuration}, names the
   * source; also if {@code kubernetes} is set.
   */
  @WithDefault("false")
  boolean discover();

  /**
   * Authorities that sign the certificate of {@code url} or of the issuer, PEM; read again when
   * they change.
   */
  Optional<Path> ca();

  /** A token to present to {@code url} or the issuer; read again when it changes. */
  Optional<Path> tokenFile();

  /** The interval of fetches; an unknown key id also causes one, at most every ten seconds. */
  @WithDefault("10m")
  Duration refresh();
}
