package io.claviger.schemas.association;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogVocabularyTest {

  @Nested
  class PositionTest {
    @Test
    void positionsAreOrderedByEpochThenSequence() {
      List<Position> ordered =
          List.of(
              Position.NONE,
              new Position(1, 1),
              new Position(1, 2),
              new Position(2, 0),
              new Position(2, 1));

      assertThat(Stream.of(4, 0, 3, 1, 2).map(ordered::get).sorted()).isEqualTo(ordered);
    }

    @Test
    void positionIsAtLeastItselfAndWhatIsBeforeIt() {
      Position position = new Position(2, 5);

      assertThat(position.isAtLeast(position)).isTrue();
      assertThat(position.isAtLeast(new Position(1, 99))).isTrue();
      assertThat(position.isAtLeast(position.next())).isFalse();
    }

    @Test
    void positionIsNeverNegative() {
      assertThatIllegalArgumentException().isThrownBy(() -> new Position(0, -1));
      assertThatIllegalArgumentException().isThrownBy(() -> new Position(-1, 0));
    }
  }

  @Nested
  class KeyTest {
    @Test
    void recordKeyParsesBack() {
      AssociationKey key = new AssociationKey("prod-1", "shop", "cart");

      assertThat(key.recordKey()).isEqualTo("prod-1/shop/cart");
      assertThat(AssociationKey.parse(key.recordKey())).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"prod-1", "prod-1/shop", "a/b/c/d", "//", "a//c"})
    void recordKeyOfAnotherShapeIsRefused(String text) {
      assertThatIllegalArgumentException().isThrownBy(() -> AssociationKey.parse(text));
    }
  }

  @Nested
  class SpecTest {
    @Test
    void specRefusesAPolicyWithSessionTags() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> spec(false, "{}", Map.of()))
          .withMessageContaining("disableSessionTags");
    }

    @Test
    void specRefusesAPolicyOverItsLimit() {
      assertThat(spec(true, " ".repeat(2048), Map.of()).policy()).hasSize(2048);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> spec(true, " ".repeat(2049), Map.of()))
          .withMessageContaining("2,048");
    }

    @Test
    void specRefusesATagScopeThatDoesNotExist() {
      assertThat(spec(false, null, Map.of(TagScope.TAG, "pod")).tagScope()).contains(TagScope.POD);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> spec(false, null, Map.of(TagScope.TAG, "node")))
          .withMessageContaining("service-account or pod");
    }

    private AssociationSpec spec(
        boolean untagged, @Nullable String policy, Map<String, String> tags) {
      return new AssociationSpec("shop", "cart", "arn", null, untagged, policy, tags);
    }
  }

  @Nested
  class TopicsTest {
    @Test
    void changesAreKeptForeverOnlyCompacted() {
      assertThat(definition(Topics.CHANGES).settings())
          .isEqualTo(Map.of("cleanup.policy", "compact"));
    }

    @Test
    void outcomesAreForgottenAfterADay() {
      assertThat(definition(Topics.OUTCOMES).settings())
          .containsEntry("cleanup.policy", "compact,delete")
          .containsEntry("retention.ms", "86400000");
    }

    @Test
    void whatIsPartitionedByClusterHasEquallyManyPartitions() {
      assertThat(Stream.of(Topics.COMMANDS, Topics.CHANGES, Topics.OUTCOMES).map(this::definition))
          .extracting(Topics.Definition::partitions)
          .containsOnly(Topics.PARTITIONS);
    }

    private Topics.Definition definition(String name) {
      return Topics.all().stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
    }
  }
}
