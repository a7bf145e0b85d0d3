package io.claviger.broker.ingress.admission;

/**
 * An operation of a JSON Patch (RFC 6902).
 *
 * @param op {@code add}; {@code replace} to extend a list of addresses
 * @param path a JSON pointer (RFC 6901)
 * @param value strings, numbers, maps and lists
 */
public record PatchOperation(String op, String path, Object value) {

  static PatchOperation add(String path, Object value) {
    return new PatchOperation("add", path, value);
  }

  static PatchOperation replace(String path, Object value) {
    return new PatchOperation("replace", path, value);
  }
}
