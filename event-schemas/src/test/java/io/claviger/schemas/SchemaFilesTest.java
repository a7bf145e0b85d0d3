package io.claviger.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationChange;
import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationOutcome;
import io.claviger.schemas.association.AssociationOutcome.Effect;
import io.claviger.schemas.association.AssociationSpec;
import io.claviger.schemas.association.LogHead;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.association.RevocationChange;
import io.claviger.schemas.association.RevokedSubject;
import io.claviger.schemas.event.CredentialEvent;
import io.claviger.schemas.event.OpenedSession;
import io.claviger.schemas.event.ServedFrom;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaFilesTest {

  static Stream<Arguments> files() {
    return Stream.of(
        Arguments.of("position", Position.class),
        Arguments.of("association-spec", AssociationSpec.class),
        Arguments.of("association", Association.class),
        Arguments.of("association-change", AssociationChange.class),
        Arguments.of("association-command", AssociationCommand.class),
        Arguments.of("association-outcome", AssociationOutcome.class),
        Arguments.of("revoked-subject", RevokedSubject.class),
        Arguments.of("revocation", Revocation.class),
        Arguments.of("revocation-change", RevocationChange.class),
        Arguments.of("log-head", LogHead.class),
        Arguments.of("credential-event", CredentialEvent.class));
  }

  static Stream<Arguments> variants() {
    return Stream.of(
        Arguments.of("association-command", AssociationCommand.Operation.class),
        Arguments.of("association-outcome", AssociationOutcome.Result.class));
  }

  @ParameterizedTest
  @MethodSource("files")
  void schemaDescribesEveryComponentOfTheRecordAndNoOther(String file, Class<?> type) {
    assertThat(properties(Contracts.schema(file))).containsExactlyElementsOf(components(type));
  }

  @Test
  void schemaDescribesHowAnOpenedSessionWasAskedFor() {
    JsonNode event = Contracts.schema("credential-event");
    JsonNode session = event.at("/properties/session");

    assertThat(properties(session)).containsExactlyElementsOf(components(OpenedSession.class));
    assertThat(texts(event.at("/properties/servedFrom/enum")))
        .containsExactlyElementsOf(Stream.of(ServedFrom.values()).map(ServedFrom::text).toList());
  }

  @ParameterizedTest
  @MethodSource("variants")
  void schemaDescribesEveryVariantOfTheSealedType(String file, Class<?> type) {
    JsonNode definitions = Contracts.schema(file).path("$defs");

    List<Class<?>> variants = leaves(type).toList();
    assertThat(definitions.size()).isEqualTo(variants.size());
    for (Class<?> variant : variants) {
      JsonNode definition = definitions.path(variant.getSimpleName().toLowerCase(Locale.ROOT));
      assertThat(properties(definition))
          .startsWith("type")
          .filteredOn(name -> !name.equals("type"))
          .containsExactlyElementsOf(components(variant));
    }
  }

  @Test
  void schemaListsEveryTypeOfEventAndEveryEffect() {
    JsonNode types = Contracts.schema("credential-event").at("/properties/type/enum");
    JsonNode effects =
        Contracts.schema("association-outcome").at("/$defs/accepted/properties/effect/enum");

    assertThat(texts(types))
        .containsExactlyElementsOf(
            Stream.of(CredentialEvent.Type.values()).map(CredentialEvent.Type::text).toList());
    assertThat(texts(effects))
        .containsExactlyElementsOf(Stream.of(Effect.values()).map(Effect::text).toList());
  }

  /** Returns the records of a sealed type, also those of nested sealed types. */
  private static Stream<Class<?>> leaves(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(SchemaFilesTest::leaves)
        : Stream.of(type);
  }

  private static List<String> components(Class<?> type) {
    return Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
  }

  private static List<String> properties(JsonNode schema) {
    JsonNode properties = schema.path("properties");
    assertThat(properties.getNodeType()).isEqualTo(JsonNodeType.OBJECT);
    return properties.propertyStream().map(Map.Entry::getKey).toList();
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asText).toList();
  }
}
