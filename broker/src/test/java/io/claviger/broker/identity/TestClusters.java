package io.claviger.broker.identity;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Registrations for tests. */
public final class TestClusters {

  public static final String EDGE_AUDIENCE = "claviger-broker";

  private TestClusters() {}

  /**
   * A cluster whose issuer is {@code https://<name>.test} and whose edges run as kube-system/edge.
   */
  public static RegisteredCluster named(String name) {
    return of(name, issuer(name));
  }

  public static RegisteredCluster of(String name, String issuer) {
    return new RegisteredCluster(
        name, issuer, "pods.eks.amazonaws.com", EDGE_AUDIENCE, Set.of("kube-system/edge"));
  }

  /** The issuer of the cluster one, whose keys have been fetched. */
  static Issuers issuers(TokenMint mint, TestClock clock) {
    IssuerKeys keys =
        new IssuerKeys(
            named("one"), () -> CompletableFuture.completedStage(mint.jwks()), clock, clock);
    keys.refresh();
    return new Issuers(List.of(keys));
  }

  public static String issuer(String name) {
    return "https://" + name + ".test";
  }
}
