package io.claviger.broker.yaml;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.util.List;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * Reads YAML into records strictly: an unknown field, a duplicate field and a value of the wrong
 * type are errors. Otherwise a misspelt field would silently get its default. {@code no} is not
 * text.
 */
public final class YamlReading {

  /** Code points of one file: enough for thousands of objects with policies; bounds the heap. */
  private static final int MAX_LENGTH = 64 << 20;

  private static final YAMLMapper MAPPER = strict(YAMLMapper.builder(reading()));

  private YamlReading() {}

  /** Returns a reader whose errors do not quote the content, which may be secret. */
  public static YAMLMapper mapper() {
    return MAPPER;
  }

  /** Returns the place of an error in a document, such as {@code spec.tags.team}. */
  public static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(
            step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
        .collect(Collectors.joining("."));
  }

  private static YAMLFactory reading() {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_LENGTH);
    return YAMLFactory.builder()
        .loaderOptions(options)
        .enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
        .build();
  }

  private static YAMLMapper strict(YAMLMapper.Builder builder) {
    YAMLMapper mapper =
        builder
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonParser.Feature.INCLUDE_SOURCE_IN_LOCATION)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();
    for (CoercionInputShape shape :
        List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
      mapper.coercionConfigFor(LogicalType.Textual).setCoercion(shape, CoercionAction.Fail);
    }
    return mapper;
  }
}
