package io.claviger.broker.association;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationSpec;
import io.claviger.schemas.association.RevokedSubject;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class GrantsTest {

  private static final String TEAM = "key/team";
  private static final String PODS = Specs.role("pods/*");

  private static List<NamePattern> patterns(String... texts) {
    return Stream.of(texts).map(NamePattern::new).toList();
  }

  private static Grant grant(
      String principal, String cluster, String namespace, String role, @Nullable String target) {
    return new Grant(
        principal,
        new NamePattern(cluster),
        patterns(namespace),
        patterns(role),
        target == null ? List.of() : patterns(target),
        false,
        false);
  }

  private static boolean granted(
      Grants grants, String principal, String role, @Nullable String target) {
    return grants
        .missing(principal, Specs.CLUSTER, Specs.with(role, target, false, null))
        .isEmpty();
  }

  @Test
  void denyWhatNobodyGranted() {
    assertThat(Grants.NONE.missing(TEAM, Specs.CLUSTER)).isPresent();
    assertThat(Grants.NONE.missing(TEAM, Specs.CLUSTER, "shop")).isPresent();
    assertThat(Grants.NONE.missing(TEAM, Specs.CLUSTER, Specs.spec("cart"))).isPresent();
    assertThat(Grants.NONE.missingToAssume(TEAM, Specs.CLUSTER, "shop")).isPresent();
  }

  @Test
  void coverAPrincipalsRolesInANamespaceOfACluster() {
    Grants grants = new Grants(List.of(grant(TEAM, Specs.CLUSTER, "shop", PODS, null)));

    assertThat(granted(grants, TEAM, Specs.role("pods/cart"), null)).isTrue();
    assertThat(granted(grants, TEAM, Specs.role("admin"), null)).isFalse();
    assertThat(granted(grants, "key/other", Specs.role("pods/cart"), null)).isFalse();
    assertThat(grants.missing(TEAM, "other", Specs.with(Specs.role("pods/x"), null, false, null)))
        .isPresent();
    assertThat(grants.missing(TEAM, Specs.CLUSTER, "shop")).isEmpty();
    assertThat(grants.missing(TEAM, Specs.CLUSTER, "kube-system")).isPresent();
  }

  @Test
  void wantAGrantForTheTargetRoleToo() {
    String target = "arn:aws:iam::444455556666:role/data";
    Grants without = new Grants(List.of(grant(TEAM, "*", "*", PODS, null)));
    Grants with = new Grants(List.of(grant(TEAM, "*", "*", PODS, target)));

    assertThat(granted(without, TEAM, Specs.role("pods/cart"), target)).isFalse();
    assertThat(granted(with, TEAM, Specs.role("pods/cart"), target)).isTrue();
  }

  @Test
  void doNotAddUpFromParts() {
    Grants grants =
        new Grants(
            List.of(
                grant(TEAM, "*", "shop", Specs.role("a"), null),
                grant(TEAM, "*", "bank", Specs.role("b"), null)));

    assertThat(granted(grants, TEAM, Specs.role("a"), null)).isTrue();
    assertThat(granted(grants, TEAM, Specs.role("b"), null)).isFalse();
  }

  @Test
  void nameWhatIsMissing() {
    assertThat(Grants.NONE.missing(TEAM, Specs.CLUSTER, Specs.spec("cart")))
        .hasValue(
            "key/team has no grant for arn:aws:iam::123456789012:role/cart in namespace shop of"
                + " cluster one: add one to the brokers' grants");
  }

  @Test
  void goOnHoldingForAnAssociationOnlyWhileItsOwnPrincipalIsGrantedIt() {
    Association association = Specs.association("cart", 1);

    assertThat(Specs.GRANTS.missing(association)).isEmpty();
    assertThat(new Grants(List.of(Grant.ofEverything("key/other"))).missing(association))
        .isPresent();
  }

  @Test
  void letNobodyAssumeWithoutSayingSo() {
    assertThat(Specs.GRANTS.missingToAssume(Specs.TESTER, Specs.CLUSTER, "shop")).isPresent();
    Grants grants =
        new Grants(
            List.of(
                new Grant(
                    TEAM,
                    new NamePattern("*"),
                    patterns("shop"),
                    List.of(),
                    List.of(),
                    true,
                    false)));

    assertThat(grants.missingToAssume(TEAM, Specs.CLUSTER, "shop")).isEmpty();
    assertThat(grants.missingToAssume(TEAM, Specs.CLUSTER, "bank")).isPresent();
  }

  @Test
  void areForKeysAndNamespacesOnly() {
    assertThatIllegalArgumentException().isThrownBy(() -> Grant.ofEverything("everybody"));
  }

  @Test
  void giveEachNamespaceOfAPatternItsOwnAlone() {
    Grants grants = new Grants(List.of(grant("namespace/team-*", "*", "*", PODS, null)));

    assertThat(missing(grants, "namespace/team-a", "team-a")).isFalse();
    assertThat(missing(grants, "namespace/team-a", "team-b")).isTrue();
    assertThat(missing(grants, "namespace/shop", "shop")).isTrue();
    assertThat(missing(grants, "key/team-a", "team-a")).isTrue();
  }

  @Test
  void letObjectsRevokeNothingBeyondTheirNamespace() {
    Grant revoking =
        new Grant(
            "namespace/*", new NamePattern("*"), patterns("*"), List.of(), List.of(), false, true);
    Grants grants = new Grants(List.of(revoking));

    assertThat(
            grants.missingToRevoke(
                "namespace/shop", Specs.CLUSTER, RevokedSubject.parse("node:node-7")))
        .isPresent();
    assertThat(
            grants.missingToRevoke(
                "namespace/shop", Specs.CLUSTER, RevokedSubject.parse("workload:bank/vault")))
        .isPresent();
  }

  private static boolean missing(Grants grants, String principal, String namespace) {
    AssociationSpec spec =
        new AssociationSpec(namespace, "web", Specs.role("pods/web"), null, false, null, Map.of());
    return grants.missing(principal, Specs.CLUSTER, spec).isPresent();
  }
}
