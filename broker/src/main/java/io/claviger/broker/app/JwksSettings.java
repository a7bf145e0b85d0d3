package io.claviger.broker.app;

import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where an issuer's public keys come from. Where nothing is set: the API server, if {@code
 * kubernetes} is; else what the issuer itself publishes, if it is an https URL.
 */
interface JwksSettings {
  /** The issuer's JWKS, for example {@code https://.../openid/v1/jwks}. */
  Optional<URI> url();

  /** A file that holds the JWKS; instead of {@code url}. */
  Optional<Path> file();

  /**
   * Whether the issuer's own document, {@code <issuer>/.well-known/openid-configuration}, says
   * where they are; also where {@code kubernetes} is set.
   */
  @WithDefault("false")
  boolean discover();

  /**
   * Authorities that sign the certificate of {@code url} or of the issuer, PEM; read again when
   * they change.
   */
  Optional<Path> ca();

  /** A token to present there; read again when it changes. */
  Optional<Path> tokenFile();

  /** How often they are read again; also on an unknown key id, at most every ten seconds. */
  @WithDefault("10m")
  Duration refresh();
}
