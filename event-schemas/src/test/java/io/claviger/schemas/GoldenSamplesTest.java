package io.claviger.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.claviger.schemas.Contracts.Sample;
import io.claviger.schemas.SchemaJson.MalformedRecordException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenSamplesTest {

  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder ->
              builder.schemaIdResolvers(
                  ids -> ids.mapPrefix("https://claviger.io/schemas/", "classpath:schemas/")));

  static Stream<Sample> samples() {
    return Contracts.samples();
  }

  static Stream<Arguments> requiredFields() {
    return Contracts.samples()
        .flatMap(
            sample ->
                Contracts.required(Contracts.schema(sample.schema())).stream()
                    .map(field -> Arguments.of(sample, field)));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void sampleFollowsItsSchema(Sample sample) {
    assertThat(schema(sample).validate(sample.text(), InputFormat.JSON)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void sampleReadsAndWritesBackEqual(Sample sample) {
    Object record = SchemaJson.read(sample.text(), sample.type());

    String written = SchemaJson.write(record);

    assertThat(Contracts.tree(written)).isEqualTo(Contracts.tree(sample.text()));
    assertThat((Object) SchemaJson.read(written, sample.type())).isEqualTo(record);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void sampleWithFieldsOfANewerVersionStillReads(Sample sample) {
    ObjectNode newer = (ObjectNode) Contracts.tree(sample.text());
    newer.put("ofTheFuture", 7);

    assertThat((Object) SchemaJson.read(newer.toString(), sample.type()))
        .isEqualTo(SchemaJson.read(sample.text(), sample.type()));
  }

  @ParameterizedTest
  @MethodSource("requiredFields")
  void sampleWithoutARequiredFieldIsRefusedByRecordAndSchema(Sample sample, String field) {
    ObjectNode lacking = (ObjectNode) Contracts.tree(sample.text());
    lacking.remove(field);

    assertThat(schema(sample).validate(lacking.toString(), InputFormat.JSON)).isNotEmpty();
    assertThatThrownBy(() -> SchemaJson.read(lacking.toString(), sample.type()))
        .isInstanceOf(MalformedRecordException.class)
        .hasMessage("malformed " + sample.type().getSimpleName());
  }

  private static Schema schema(Sample sample) {
    return SCHEMAS.getSchema(
        SchemaLocation.of("https://claviger.io/schemas/" + sample.schema() + ".v1.json"));
  }
}
