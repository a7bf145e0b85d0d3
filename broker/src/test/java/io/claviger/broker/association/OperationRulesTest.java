package io.claviger.broker.association;

import static io.claviger.broker.association.RuledLog.ID;
import static io.claviger.broker.association.RuledLog.accepted;
import static io.claviger.broker.association.Specs.NOW;
import static io.claviger.broker.association.Specs.role;
import static io.claviger.broker.association.Specs.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.association.Association;
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
import io.claviger.schemas.association.AssociationSpec;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class OperationRulesTest {

  private final RuledLog log = new RuledLog();
  private final OperationRules rules =
      log.rules(Specs.TESTER, List.of(Grant.ofEverything(Specs.TESTER)));

  private Association written(Effect effect, OnAssociation operation) {
    return accepted(effect, rules.rule(operation));
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
      log.state.apply(Specs.changed("sa-" + i, 1, i + 1));
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
    log.state.apply(Specs.removed("sa-1", 21));
    written(Effect.CREATED, new Create(spec("cart")));
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
    Association old = log.existing(before);

    Association changed = written(Effect.CHANGED, new Put(after));

    assertThat(changed)
        .isEqualTo(
            new Association(
                old.id(), Specs.CLUSTER, after, Specs.TESTER, revision, old.createdAt(), NOW));
  }

  @Test
  void keepWhatIsDeclaredAsItIs() {
    Association old = log.existing(spec("cart"));

    assertThat(rules.rule(new Put(spec("cart")))).isEqualTo(new Accepted(Effect.UNCHANGED, old));
  }

  @Test
  void updateWhatIsGivenAndKeepTheRest() {
    log.existing(
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
    log.existing(Specs.with(role("cart"), null, true, Specs.POLICY));

    refuses(
        new Update(ID, null, null, null, null, null),
        "InvalidParameterException",
        "nothing changes: set another roleArn, targetRoleArn, disableSessionTags or policy");
    refuses(
        new Update(ID, null, null, false, null, null),
        "InvalidParameterException",
        "policy: needs disableSessionTags: true");
    refuses(
        new Update(ID, "nonsense", null, null, null, null),
        "InvalidParameterException",
        "roleArn: not the ARN of an IAM role, such as arn:aws:iam::123456789012:role/path/name");
  }

  @Test
  void refuseAnotherRevisionThanTheOneAskedFor() {
    log.existing(spec("cart"));

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
    log.existing(spec("cart", role("cart"), Map.of("a", "1", "b", "2")));

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
}
