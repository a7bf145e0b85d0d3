package io.claviger.broker.identity;

import io.claviger.config.trust.ParsedToken;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.PublishedKeys;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The issuers of the registered clusters. Immutable. */
public final class Issuers {

  private final List<IssuerKeys> all;
  private final Map<String, IssuerKeys> byIssuer = new HashMap<>();
  private final Map<String, IssuerKeys> byCluster = new HashMap<>();

  /**
   * A registry.
   *
   * @throws IllegalArgumentException naming a cluster or an issuer that is registered twice: a
   *     token's issuer must identify one cluster
   */
  public Issuers(Collection<IssuerKeys> registered) {
    this.all = List.copyOf(registered);
    for (IssuerKeys keys : all) {
      RegisteredCluster cluster = keys.cluster();
      if (byCluster.put(cluster.name(), keys) != null) {
        throw new IllegalArgumentException("cluster " + cluster.name() + " is registered twice");
      }
      IssuerKeys other = byIssuer.put(cluster.issuer(), keys);
      if (other != null) {
        throw new IllegalArgumentException(
            "clusters %s and %s have the same issuer %s: start one's API server with another"
                .formatted(other.cluster().name(), cluster.name(), cluster.issuer()));
      }
    }
  }

  /** The issuers of all registered clusters. */
  public List<IssuerKeys> all() {
    return all;
  }

  /** Returns a cluster's issuer. */
  public Optional<IssuerKeys> of(String cluster) {
    return Optional.ofNullable(byCluster.get(cluster));
  }

  /**
   * Returns what the edges of a cluster need to verify tokens; empty if the keys were never
   * fetched.
   */
  public Optional<PublishedKeys> currentKeys(String cluster) {
    return of(cluster).flatMap(issuer -> issuer.current().map(keys -> published(issuer, keys)));
  }

  /** Returns the issuer that a token claims. Nothing in the token is verified yet. */
  Optional<IssuerKeys> claimedBy(ParsedToken token) {
    return token.claimedIssuer().map(byIssuer::get);
  }

  private static PublishedKeys published(IssuerKeys issuer, KeySet keys) {
    RegisteredCluster cluster = issuer.cluster();
    return new PublishedKeys(
        BusProtocol.VERSION,
        cluster.name(),
        cluster.issuer(),
        cluster.audience(),
        keys.jwks(),
        keys.fetchedAt());
  }
}
