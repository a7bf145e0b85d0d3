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

  /** Returns the violations of the schema in a JSON text; empty if it is valid. */
  static List<Error> violations(String schema, String json) {
    return REGISTRY
        .getSchema(SchemaLocation.of("https://claviger.io/schemas/" + schema + ".v1.json"))
        .validate(json, InputFormat.JSON);
  }
}
