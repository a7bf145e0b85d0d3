package io.claviger.broker.association;

import static io.claviger.broker.association.Specs.NOW;
import static io.claviger.broker.association.Specs.role;
import static io.claviger.broker.association.Specs.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationChange;
import io.claviger.schemas.association.AssociationCommand.Create;
import io.claviger.schemas.association.AssociationCommand.Delete;
import io.claviger.schemas.association.AssociationCommand.OnAssociation;
import io.claviger.schemas.association.AssociationCommand.Put;
import io.claviger.schemas.association.AssociationCommand.Tag;
import io.claviger.schemas.association.AssociationCommand.Untag;
import io.claviger.schemas.association.AssociationCommand.Update;
import io.claviger.schemas.association.AssociationOutcome.Accepted;
import io.claviger.schemas.association.AssociationOutcome.Effect;
import io.claviger.schemas.association.AssociationOutcome.Refused;
import io.claviger.schemas.association.AssociationOutcome.Result;
import io.claviger.schemas.association.AssociationSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class OperationRulesTest {

  private static final Instant EARLIER = NOW.minus(Duration.ofDays(1));
  private static final String ID = "a-00000000000000001";

  private final LogState state = new LogState();
  private int names;
  private final OperationRules rules =
      new OperationRules(
          Specs.RULES, Specs.GRANTS, Specs.TESTER, state, new AssociationIds(new Random(1)), NOW);

  private Association existing(AssociationSpec spec) {
    Association association =
        new Association(ID, Specs.CLUSTER, spec, Specs.TESTER, 4, EARLIER, EARLIER);
    state.apply(new LogEntry.Changed(AssociationChange.of(association, Specs.at(4), Specs.TESTER)));
    return association;
  }

  private Association written(Effect effect, OnAssociation operation) {
    return accepted(effect, rules.rule(operation));
  }

  private static Association accepted(Effect effect, Result result) {
    assertThat(result)
        .isInstanceOfSatisfying(
            Accepted.class, accepted -> assertThat(accepted.effect()).isEqualTo(effect));
    return ((Accepted) result).association();
  }

  private OperationRules asWhoMayHave(String... roles) {
    Grant grant =
        new Grant(
            "key/team",
            new NamePattern("*"),
            List.of(new NamePattern("shop")),
            Stream.of(roles).map(NamePattern::new).toList(),
            List.of(),
            false,
            false);
    return new OperationRules(
        Specs.RULES,
        new Grants(List.of(grant)),
        "key/team",
        state,
        new AssociationIds(new Random(1)),
        NOW);
  }

  private static String refusal(Result result) {
    return ((Refused) result).code();
  }

  @Test
  void refuseWhatTheActorHasNoGrantFor() {
    existing(spec("cart"));
    OperationRules team = asWhoMayHave(role("pods/*"));

    assertThat(refusal(team.rule(new Create(spec("orders"))))).isEqualTo("AccessDeniedException");
    assertThat(refusal(team.rule(new Put(spec("cart"))))).isEqualTo("AccessDeniedException");
    assertThat(refusal(team.rule(new Update(ID, role("admin"), null, null, null, null))))
        .isEqualTo("AccessDeniedException");
    assertThat(refusal(team.rule(new Update(ID, null, null, true, null, null))))
        .as("the role it keeps is not granted either")
        .isEqualTo("AccessDeniedException");
  }

  @Test
  void letTheActorWhoChangesTheRoleStandForIt() {
    existing(spec("cart"));
    OperationRules team = asWhoMayHave(role("pods/*"));

    Association changed =
        accepted(
            Effect.CHANGED, team.rule(new Update(ID, role("pods/cart"), null, null, null, null)));

    assertThat(changed.grantedBy()).isEqualTo("key/team");
  }

  @Test
  void letTagsBeChangedWithoutStandingForTheRole() {
    existing(spec("cart"));
    OperationRules team = asWhoMayHave();

    Association changed = accepted(Effect.CHANGED, team.rule(new Tag(ID, Map.of("team", "a"))));

    assertThat(changed.grantedBy()).isEqualTo(Specs.TESTER);
  }

  @Test
  void refuseAnotherNamespacesAssociationWhateverIsAskedOfIt() {
    existing(new AssociationSpec("bank", "vault", role("r"), null, false, null, Map.of()));
    OperationRules team = asWhoMayHave("*");

    Stream.of(
            new Delete(ID, null),
            new Tag(ID, Map.of("a", "b")),
            new Untag(ID, List.of("a")),
            new Update(ID, role("x"), null, null, null, null))
        .forEach(op -> assertThat(refusal(team.rule(op))).isEqualTo("AccessDeniedException"));
  }

  private void refuses(OnAssociation operation, String code, String message) {
    assertThat(rules.rule(operation)).isEqualTo(new Refused(code, message));
  }

  @Test
  void createWhatIsNotThereAtRevisionOne() {
    Association created = written(Effect.CREATED, new Create(spec("cart")));

    assertThat(created)
        .isEqualTo(
            new Association(created.id(), Specs.CLUSTER, spec("cart"), Specs.TESTER, 1, NOW, NOW));
  }

  @Test
  void refuseToCreateMoreThanTheClusterMayHave() {
    for (int i = 0; i < Specs.RULES.maxAssociations(); i++) {
      state.apply(Specs.changed("sa-" + i, 1, i + 1));
    }

    refuses(
        new Create(spec("cart")),
        "ResourceLimitExceededException",
        "cluster one has its 20 associations");
    refuses(
        new Put(spec("cart")),
        "ResourceLimitExceededException",
        "cluster one has its 20 associations");
    written(Effect.CHANGED, new Put(spec("sa-1", role("other"), Map.of())));
    state.apply(Specs.removed("sa-1", 21));
    written(Effect.CREATED, new Create(spec("cart")));
  }

  @Test
  void leaveRoomForWhoMayAssociateEverywhereWhateverAllOthersDo() {
    ClusterRules twenty = new ClusterRules(Specs.CLUSTER, Specs.ACCOUNT, false, 20);
    OperationRules team = of(twenty, "key/team", "shop");
    OperationRules other = of(twenty, "key/other", "s*");
    OperationRules admin = of(twenty, "key/admin", "*");
    assertThat(added(team, 11)).isEqualTo(10);
    assertThat(team.rule(new Create(spec("more"))))
        .isEqualTo(
            new Refused(
                "ResourceLimitExceededException",
                "key/team has its 10 associations in cluster one: a grant for all namespaces"
                    + " has no such limit"));

    assertThat(added(other, 10)).isEqualTo(8);
    assertThat(added(admin, 10)).isEqualTo(2);

    for (int gone = 1; gone <= 3; gone++) {
      remove(admin, "sa-" + gone);
    }
    assertThat(added(team, 4)).as("what it has taken away counts no more").isEqualTo(1);
  }

  /** What it may only read everywhere it may not make there. */
  @Test
  void giveNoRoomForAGrantOverAllNamespacesThatDoesNotCoverWhatIsMade() {
    ClusterRules twenty = new ClusterRules(Specs.CLUSTER, Specs.ACCOUNT, false, 20);
    Grants both =
        new Grants(List.of(grant("key/team", "shop", "*"), grant("key/team", "*", "none")));
    OperationRules team =
        new OperationRules(twenty, both, "key/team", state, new AssociationIds(new Random(1)), NOW);

    assertThat(added(team, 11)).isEqualTo(10);
  }

  private static Grant grant(String principal, String namespaces, String roles) {
    return new Grant(
        principal,
        new NamePattern("*"),
        List.of(new NamePattern(namespaces)),
        List.of(new NamePattern(roles)),
        List.of(),
        false,
        false);
  }

  private void remove(OperationRules actor, String serviceAccount) {
    String id = state.find(Specs.key(serviceAccount)).orElseThrow().id();
    Association gone = accepted(Effect.REMOVED, actor.rule(new Delete(id, null)));
    state.apply(
        new LogEntry.Removed(
            gone.key(), gone.id(), gone.revision(), state.head(Specs.CLUSTER).next(), "key/admin"));
  }

  private int added(OperationRules actor, int wanted) {
    int added = 0;
    for (int i = 0; i < wanted; i++) {
      if (actor.rule(new Create(spec("sa-" + ++names))) instanceof Accepted write
          && write.effect() == Effect.CREATED) {
        added++;
        state.apply(
            new LogEntry.Changed(
                AssociationChange.of(
                    write.association(), state.head(Specs.CLUSTER).next(), actor.actor())));
      }
    }
    return added;
  }

  private OperationRules of(ClusterRules cluster, String principal, String namespaces) {
    return new OperationRules(
        cluster,
        new Grants(List.of(grant(principal, namespaces, "*"))),
        principal,
        state,
        new AssociationIds(new Random(1)),
        NOW);
  }

  static Stream<Arguments> changes() {
    return Stream.of(
        Arguments.of(spec("cart"), spec("cart", role("other"), Map.of()), 5),
        Arguments.of(
            spec("cart"), spec("cart", role("cart"), Map.of("claviger.io/tag-scope", "pod")), 5),
        Arguments.of(
            spec("cart"),
            spec("cart", role("cart"), Map.of("claviger.io/tag-scope", "service-account")),
            5),
        Arguments.of(spec("cart"), spec("cart", role("cart"), Map.of("team", "one")), 4),
        Arguments.of(
            spec("cart"),
            Specs.with(role("cart"), "arn:aws:iam::210987654321:role/far", false, null),
            5),
        Arguments.of(spec("cart"), Specs.with(role("cart"), null, true, null), 5),
        Arguments.of(
            Specs.with(role("cart"), null, true, null),
            Specs.with(role("cart"), null, true, Specs.POLICY),
            5));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void countRevisionsOnlyForWhatMakesSessionsWrong(
      AssociationSpec before, AssociationSpec after, long revision) {
    Association old = existing(before);

    Association changed = written(Effect.CHANGED, new Put(after));

    assertThat(changed)
        .isEqualTo(
            new Association(
                old.id(), Specs.CLUSTER, after, Specs.TESTER, revision, old.createdAt(), NOW));
  }

  @Test
  void keepWhatIsDeclaredAsItIs() {
    Association old = existing(spec("cart"));

    assertThat(rules.rule(new Put(spec("cart")))).isEqualTo(new Accepted(Effect.UNCHANGED, old));
  }

  @Test
  void updateWhatIsGivenAndKeepTheRest() {
    existing(
        new AssociationSpec(
            "shop",
            "cart",
            role("cart"),
            "arn:aws:iam::210987654321:role/far",
            true,
            Specs.POLICY,
            Map.of("team", "one")));

    assertThat(written(Effect.CHANGED, new Update(ID, role("b"), null, null, null, null)).spec())
        .isEqualTo(
            new AssociationSpec(
                "shop",
                "cart",
                role("b"),
                "arn:aws:iam::210987654321:role/far",
                true,
                Specs.POLICY,
                Map.of("team", "one")));
    assertThat(written(Effect.CHANGED, new Update(ID, null, "", false, "", null)).spec())
        .isEqualTo(
            new AssociationSpec(
                "shop", "cart", role("cart"), null, false, null, Map.of("team", "one")));
  }

  @Test
  void refuseAnUpdateThatIsWrongOrChangesNothing() {
    existing(Specs.with(role("cart"), null, true, Specs.POLICY));

    refuses(
        new Update(ID, null, null, null, null, null),
        "InvalidParameterException",
        "nothing changes: give another roleArn, targetRoleArn, disableSessionTags or policy");
    refuses(
        new Update(ID, null, null, false, null, null),
        "InvalidParameterException",
        "policy: needs disableSessionTags: true");
    refuses(
        new Update(ID, "nonsense", null, null, null, null),
        "InvalidParameterException",
        "roleArn: not the ARN of an IAM role, as arn:aws:iam::123456789012:role/path/name");
  }

  @Test
  void refuseAnotherRevisionThanTheOneAskedFor() {
    existing(spec("cart"));

    refuses(
        new Update(ID, role("b"), null, null, null, 3L),
        "PreconditionFailedException",
        ID + " is at revision 4, not 3");
    refuses(new Delete(ID, 5L), "PreconditionFailedException", ID + " is at revision 4, not 5");
    written(Effect.REMOVED, new Delete(ID, 4L));
  }

  @Test
  void refuseAnIdThatNobodyHas() {
    for (OnAssociation operation :
        List.of(
            new Update("a-x", role("b"), null, null, null, null),
            new Delete("a-x", null),
            new Tag("a-x", Map.of("a", "b")),
            new Untag("a-x", List.of("a")))) {
      refuses(operation, "ResourceNotFoundException", "No association found for id: a-x");
    }
  }

  @Test
  void tagAndUntagWithoutTouchingTheRest() {
    existing(spec("cart", role("cart"), Map.of("a", "1", "b", "2")));

    assertThat(written(Effect.CHANGED, new Tag(ID, Map.of("b", "3", "c", "4"))).spec().tags())
        .isEqualTo(Map.of("a", "1", "b", "3", "c", "4"));
    assertThat(written(Effect.CHANGED, new Untag(ID, List.of("b", "x"))).spec().tags())
        .isEqualTo(Map.of("a", "1"));
    written(Effect.UNCHANGED, new Untag(ID, List.of("x")));
    written(Effect.UNCHANGED, new Tag(ID, Map.of("a", "1")));
    refuses(
        new Tag(ID, Map.of("claviger.io/tag-scope", "node")),
        "InvalidParameterException",
        "tags: claviger.io/tag-scope must be service-account or pod, not 'node'");
  }

  private OperationRules asObjectsOf(String namespace) {
    Grant grant =
        new Grant(
            Grant.NAMESPACE + namespace,
            new NamePattern("*"),
            List.of(new NamePattern("*")),
            List.of(new NamePattern("*")),
            List.of(),
            false,
            false);
    return new OperationRules(
        Specs.RULES,
        new Grants(List.of(grant)),
        Grant.NAMESPACE + namespace,
        state,
        new AssociationIds(new Random(1)),
        NOW);
  }

  @Test
  void letObjectsTouchNothingThatSomebodyElseHasMade() {
    existing(spec("cart"));
    OperationRules objects = asObjectsOf("shop");

    assertThat(objects.rule(new Put(spec("cart", role("other"), Map.of()))))
        .isEqualTo(new Refused("ResourceInUseException", "Association already exists: " + ID));
    assertThat(objects.rule(new Delete(ID, null)))
        .isEqualTo(new Refused("InvalidRequestException", ID + " was not made by namespace/shop"));
    accepted(Effect.CREATED, objects.rule(new Put(spec("orders"))));
  }

  @Test
  void giveTheObjectsOfANamespaceNothingInAnother() {
    assertThat(refusal(asObjectsOf("bank").rule(new Put(spec("cart")))))
        .isEqualTo("AccessDeniedException");
  }
}
