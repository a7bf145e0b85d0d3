package io.claviger.broker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.association.AssociationSpec;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SpecChangeTest {

  private static AssociationSpec spec(
      String role,
      @Nullable String target,
      boolean untagged,
      @Nullable String policy,
      Map<String, String> tags) {
    return new AssociationSpec("shop", "cart", role, target, untagged, policy, tags);
  }

  private static final AssociationSpec BARE = spec("r", null, false, null, Map.of());
  private static final AssociationSpec FULL = spec("q", "t", true, "{}", Map.of("a", "1"));

  @Test
  void namesOnlyWhatIsDifferent() {
    SpecChange change =
        new SpecChange(
            spec("r", "t", false, null, Map.of("a", "1", "b", "2", "c", "3")),
            spec("q", "t", false, null, Map.of("a", "1", "b", "3", "d", "4")));

    assertThat(change.roleArn()).isEqualTo("q");
    assertThat(change.targetRoleArn()).isNull();
    assertThat(change.policy()).isNull();
    assertThat(change.disableSessionTags()).isNull();
    assertThat(change.tagsToSet()).isEqualTo(Map.of("b", "3", "d", "4"));
    assertThat(change.tagsToRemove()).containsExactly("c");
    assertThat(change.lines())
        .containsExactly(
            "roleArn: r -> q", "tags.b: 2 -> 3", "tags.c: 3 -> <none>", "tags.d: <none> -> 4");
  }

  @Test
  void takesAwayByWhatIsEmpty() {
    SpecChange change = new SpecChange(FULL, BARE);

    assertThat(change.targetRoleArn()).isEmpty();
    assertThat(change.policy()).isEmpty();
    assertThat(change.disableSessionTags()).isFalse();
  }

  @Test
  void isOfTagsAloneWhereNothingElseDiffers() {
    assertThat(new SpecChange(BARE, spec("r", null, false, null, Map.of("a", "1"))).ofFields())
        .isFalse();
    assertThat(new SpecChange(BARE, FULL).ofFields()).isTrue();
    assertThat(new SpecChange(BARE, BARE).isNothing()).isTrue();
  }
}
