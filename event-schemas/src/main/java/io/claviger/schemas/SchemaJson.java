package io.claviger.schemas;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes every contract as JSON. Instants are RFC 3339 text in UTC. Absent fields are
 * left out. Map entries are ordered by key, so equal records have equal text. Unknown fields, such
 * as those of a newer version, are ignored.
 *
 * <p>Failures to read throw {@link MalformedRecordException}. Its message names the type and never
 * quotes the content, which may contain credentials.
 */
public final class SchemaJson {

  /** Does not recycle buffers: a recycled buffer would retain the last token or session in it. */
  private static final JsonFactory JSON =
      JsonFactory.builder().recyclerPool(JsonRecyclerPools.nonRecyclingPool()).build();

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(JSON)
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .build();

  private static final ObjectReader OBJECTS =
      MAPPER.readerForMapOf(Object.class).with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);

  private SchemaJson() {}

  /** Returns the record as JSON text. */
  public static String write(Object record) {
    try {
      return MAPPER.writeValueAsString(record);
    } catch (JsonProcessingException e) {
      throw noContract(record, e);
    }
  }

  /** Returns the record as JSON in UTF-8, the bytes of its text. */
  public static byte[] writeBytes(Object record) {
    try {
      return MAPPER.writeValueAsBytes(record);
    } catch (JsonProcessingException e) {
      throw noContract(record, e);
    }
  }

  private static IllegalArgumentException noContract(Object record, JsonProcessingException e) {
    return new IllegalArgumentException(
        "not a contract: " + record.getClass().getName() + ": " + e.getOriginalMessage());
  }

  /**
   * Reads an external JSON object as a map of its fields. Trailing content and duplicate fields are
   * rejected.
   *
   * @throws MalformedRecordException if the text is not such an object
   */
  public static Map<String, Object> readObject(String json) {
    try {
      return present(OBJECTS.readValue(json), Map.class);
    } catch (JsonProcessingException e) {
      throw new MalformedRecordException(Map.class);
    }
  }

  /**
   * Reads a record.
   *
   * @throws MalformedRecordException if the text is not one JSON value, or the record rejects its
   *     values
   */
  public static <T> T read(String json, Class<T> type) {
    try {
      return present(MAPPER.readValue(json, type), type);
    } catch (JsonProcessingException e) {
      throw new MalformedRecordException(type);
    }
  }

  /** Reads a record from JSON in UTF-8; see {@link #read(String, Class)}. */
  public static <T> T read(byte[] json, Class<T> type) {
    try {
      return present(MAPPER.readValue(json, type), type);
    } catch (IOException e) {
      throw new MalformedRecordException(type);
    }
  }

  /** Reads a record from part of a JSON document; see {@link #read(String, Class)}. */
  public static <T> T read(JsonNode part, Class<T> type) {
    try {
      return present(MAPPER.treeToValue(part, type), type);
    } catch (JsonProcessingException e) {
      throw new MalformedRecordException(type);
    }
  }

  private static <T> T present(@Nullable T record, Class<T> type) {
    if (record == null) {
      throw new MalformedRecordException(type);
    }
    return record;
  }

  /** The input is not a record of the expected type. The message never quotes the input. */
  public static final class MalformedRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedRecordException(Class<?> type) {
      super("malformed " + type.getSimpleName());
    }
  }
}
