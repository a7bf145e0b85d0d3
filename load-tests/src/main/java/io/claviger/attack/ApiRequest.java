package io.claviger.attack;

import io.claviger.config.trust.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * An HTTP/1.1 request as its sender writes it, without an HTTP client's corrections.
 *
 * @param target path and query, percent-encoded
 * @param headers lines without line ends
 */
record ApiRequest(String method, String target, List<String> headers, String body) {

  ApiRequest {
    headers = List.copyOf(headers);
  }

  static ApiRequest get(String target) {
    return new ApiRequest("GET", target, List.of(), "");
  }

  static ApiRequest delete(String target) {
    return new ApiRequest("DELETE", target, List.of(), "");
  }

  static ApiRequest post(String target, String json) {
    return new ApiRequest("POST", target, List.of("Content-Type: application/json"), json);
  }

  ApiRequest withMethod(String other) {
    return new ApiRequest(other, target, headers, body);
  }

  ApiRequest withTarget(String other) {
    return new ApiRequest(method, other, headers, body);
  }

  ApiRequest withBody(String other) {
    return new ApiRequest(method, target, headers, other);
  }

  /** Adds a header line. */
  ApiRequest with(String header) {
    List<String> more = new ArrayList<>(headers);
    more.add(header);
    return new ApiRequest(method, target, more, body);
  }

  /** Replaces every header line of this name. */
  ApiRequest change(String name, UnaryOperator<String> made) {
    return new ApiRequest(
        method,
        target,
        headers.stream()
            .map(
                line ->
                    line.regionMatches(true, 0, name + ":", 0, name.length() + 1)
                        ? made.apply(line)
                        : line)
            .filter(line -> !line.isEmpty())
            .toList(),
        body);
  }

  String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  String query() {
    int query = target.indexOf('?');
    return query < 0 ? "" : target.substring(query + 1);
  }

  String bodyHash() {
    return Sha256.hex(body.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds the headers that HTTP requires, and {@code Connection: close}. */
  byte[] bytes() {
    StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    headers.forEach(line -> head.append(line).append("\r\n"));
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    head.append("Connection: close\r\nContent-Length: ").append(content.length).append("\r\n\r\n");
    byte[] start = head.toString().getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[start.length + content.length];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(content, 0, all, start.length, content.length);
    return all;
  }
}
