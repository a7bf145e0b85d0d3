package io.claviger.broker.app;

import io.claviger.broker.association.Grants;
import io.claviger.broker.identity.AuditedTokenVerifier;
import io.claviger.broker.identity.SignatureV4Verifier;
import io.claviger.broker.ingress.CertificateFiles;
import io.claviger.broker.ingress.api.ApiLimits;
import io.claviger.broker.ingress.api.ApiOperations;
import io.claviger.broker.ingress.api.ApiServer;
import io.claviger.broker.issuance.CredentialIssuer;
import io.claviger.broker.telemetry.ApiMeters;
import io.claviger.config.cluster.Sealer;
import io.claviger.config.cluster.SealingKeys;
import io.claviger.config.lifecycle.HostPort;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** Wires the HTTP API of one broker. */
record BrokerApi(
    RegisteredClusters clusters,
    Supplier<Grants> grants,
    AssociationLog log,
    SealingKeys sealingKeys,
    AuditedTokenVerifier tokens,
    CredentialIssuer issuer,
    MeterRegistry meters) {

  private static final InstantSource CLOCK = InstantSource.system();

  /**
   * Returns the endpoint; empty without access keys, because no client could call it.
   *
   * @throws io.claviger.config.settings.SettingsException if the keys cannot be read, or the API
   *     would be served in plain text beyond loopback
   */
  Optional<ApiServer> server(Vertx vertx, BrokerSettings settings) {
    return settings.api().accessKeys().map(file -> server(vertx, settings, file));
  }

  private ApiServer server(Vertx vertx, BrokerSettings settings, Path accessKeys) {
    BrokerSettings.Api at = settings.api();
    return new ApiServer(
        new HostPort(at.host(), at.port()),
        at.tls().map(tls -> new CertificateFiles(tls.certificate(), tls.key())),
        ApiLimits.of(settings.drain()),
        new SignatureV4Verifier(AccessKeysFile.open(vertx, accessKeys), CLOCK),
        ApiOperations.of(ports()),
        new ApiMeters(meters),
        CLOCK);
  }

  private ApiOperations.Ports ports() {
    return new ApiOperations.Ports(
        clusters.profiles(),
        clusters.descriptions(),
        grants,
        log.catalog(),
        log.watches(),
        log.commands(),
        new Sealer(ApiOperations.PAGE_TOKENS, sealingKeys, new SecureRandom()),
        tokens,
        issuer,
        CLOCK,
        UUID::randomUUID);
  }
}
