package io.claviger.broker.app;

import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.broker.adapter.kubernetes.KubernetesDeclaredAssociations;
import io.claviger.broker.adapter.kubernetes.KubernetesServiceAccounts;
import io.claviger.broker.app.BrokerSettings.KeyPair;
import io.claviger.broker.association.Associations;
import io.claviger.broker.association.DeclaredAssociations;
import io.claviger.broker.audit.AuditLog;
import io.claviger.broker.audit.UninjectedPods;
import io.claviger.broker.identity.ServiceAccountAnnotations;
import io.claviger.broker.ingress.CertificateFiles;
import io.claviger.broker.ingress.admission.AdmissionLimits;
import io.claviger.broker.ingress.admission.AdmissionServer;
import io.claviger.broker.ingress.admission.Injection;
import io.claviger.broker.ingress.admission.IpFamily;
import io.claviger.broker.ingress.admission.PodAdmission;
import io.claviger.broker.telemetry.AdmissionMeters;
import io.claviger.config.lifecycle.HostPort;
import io.claviger.config.settings.SettingsException;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Wires the admission webhook of one broker.
 *
 * @param uninjected returns the receiver of uninjected pods, by the cluster's name
 */
record BrokerAdmission(
    Associations associations,
    AuditLog audit,
    Function<String, UninjectedPods> uninjected,
    MeterRegistry meters) {

  private static final String PREFIX = "claviger.broker.admission.";

  /**
   * Returns the endpoint; empty without a certificate, because API servers require TLS.
   *
   * @throws SettingsException if the webhook is set for a cluster that is not registered
   */
  Optional<AdmissionServer> server(Vertx vertx, BrokerSettings settings) {
    return settings.admission().tls().map(tls -> server(vertx, settings, tls));
  }

  private AdmissionServer server(Vertx vertx, BrokerSettings settings, KeyPair tls) {
    AdmissionSettings at = settings.admission();
    BrokerSettings.Cluster cluster = cluster(settings.clusters(), at.cluster());
    PodAdmission admission =
        new PodAdmission(
            injection(cluster, at),
            new PodAdmission.Ports(
                associations,
                declared(vertx, cluster),
                annotations(vertx, cluster),
                audit,
                uninjected.apply(cluster.name())),
            settings.name(),
            InstantSource.system(),
            new SecureRandom()::nextDouble);
    return new AdmissionServer(
        new HostPort(at.host(), at.port()),
        new CertificateFiles(tls.certificate(), tls.key()),
        at.clientCa(),
        AdmissionLimits.of(settings.drain()),
        admission,
        new AdmissionMeters(meters));
  }

  static Injection injection(BrokerSettings.Cluster cluster, AdmissionSettings at) {
    return new Injection(
        cluster.name(),
        cluster.audience(),
        family(at.ipFamily()),
        at.region(),
        at.stsRegionalEndpoints());
  }

  static BrokerSettings.Cluster cluster(
      List<BrokerSettings.Cluster> registered, Optional<String> name) {
    if (name.isEmpty() && registered.size() != 1) {
      throw new SettingsException(
          PREFIX + "cluster is missing: several clusters are registered, set the one of the pods");
    }
    return registered.stream()
        .filter(cluster -> name.isEmpty() || cluster.name().equals(name.get()))
        .findFirst()
        .orElseThrow(
            () ->
                new SettingsException(
                    PREFIX + "cluster: no cluster is registered as " + name.orElseThrow()));
  }

  private static IpFamily family(String name) {
    return switch (name) {
      case "ipv4" -> IpFamily.IPV4;
      case "ipv6" -> IpFamily.IPV6;
      default ->
          throw new SettingsException(PREFIX + "ip-family is ipv4 or ipv6, not '" + name + "'");
    };
  }

  private static DeclaredAssociations declared(Vertx vertx, BrokerSettings.Cluster cluster) {
    return cluster
        .kubernetes()
        .filter(api -> api.objects().enabled())
        .<DeclaredAssociations>map(
            api -> KubernetesDeclaredAssociations.open(vertx, api.url(), api.tokenFile(), api.ca()))
        .orElse(DeclaredAssociations.NONE);
  }

  private static ServiceAccountAnnotations annotations(
      Vertx vertx, BrokerSettings.Cluster cluster) {
    return cluster
        .kubernetes()
        .<ServiceAccountAnnotations>map(
            api ->
                KubernetesServiceAccounts.open(
                    vertx, api.url(), api.tokenFile(), api.ca(), Ticker.systemTicker()))
        .orElse(ServiceAccountAnnotations.NONE);
  }
}
