package io.claviger.broker.ingress.admission;

/**
 * One step of a JSON Patch (RFC 6902).
 *
 * @param op {@code add}, or {@code replace} where a list of addresses is made longer
 * @param path where, as a JSON pointer (RFC 6901)
 * @param value texts, numbers, maps and lists
 */
public record PatchOperation(String op, String path, Object value) {

  static PatchOperation add(String path, Object value) {
    return new PatchOperation("add", path, value);
  }

  static PatchOperation replace(String path, Object value) {
    return new PatchOperation("replace", path, value);
  }
}
