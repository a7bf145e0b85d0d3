package io.claviger.broker.adapter.kafka;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;

/** The published JSON Schemas of the records. */
final class Schemas {

  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder ->
              builder.schemaIdResolvers(
                  ids -> ids.mapPrefix("https://claviger.io/schemas/", "classpath:schemas/")));

  private Schemas() {}

  /** What a JSON text has that the schema does not allow; empty when it follows it. */
  static List<Error> violations(String schema, String json) {
    return REGISTRY
        .getSchema(SchemaLocation.of("https://claviger.io/schemas/" + schema + ".v1.json"))
        .validate(json, InputFormat.JSON);
  }
}
