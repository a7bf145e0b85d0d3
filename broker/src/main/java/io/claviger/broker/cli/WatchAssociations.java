package io.claviger.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * Follows the changes of a cluster's associations, as server-sent events. A connection that ends is
 * opened again where it had come to; where the broker does not know what has changed since, it
 * begins anew.
 */
final class WatchAssociations {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int OK = 200;
  private static final int GONE = 410;

  /** What is tried again: throttling, and a broker's own fault. */
  private static final Set<Integer> RETRYABLE = Set.of(429, 500, 502, 503, 504);

  private final SignedHttp http;
  private final String path;
  private final Consumer<JsonNode> events;
  private final Consumer<String> notes;
  private final Pause pause;
  private @Nullable String lastId;

  /** Waits before the next attempt. */
  @FunctionalInterface
  interface Pause {
    void await() throws InterruptedException;
  }

  /** The API has refused it: asking again would not help. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  /**
   * A watch that has yet to be opened.
   *
   * @param events is told of each
   * @param notes is told what a person should know
   */
  WatchAssociations(
      SignedHttp http,
      String cluster,
      @Nullable String namespace,
      @Nullable String serviceAccount,
      Consumer<JsonNode> events,
      Consumer<String> notes,
      Pause pause) {
    this.http = http;
    this.path =
        "/clusters/"
            + encoded(cluster)
            + "/pod-identity-associations?watch=true"
            + parameter("namespace", namespace)
            + parameter("serviceAccount", serviceAccount);
    this.events = events;
    this.notes = notes;
    this.pause = pause;
  }

  /**
   * Goes on until the thread is interrupted.
   *
   * @throws RefusedException when the API does not let the key watch
   */
  void follow() throws RefusedException, InterruptedException {
    while (true) {
      try {
        once();
      } catch (IOException e) {
        notes.accept("connection lost, trying again: " + e);
      }
      pause.await();
    }
  }

  private void once() throws IOException, RefusedException {
    Map<String, String> headers = lastId == null ? Map.of() : Map.of("Last-Event-ID", lastId);
    SignedHttp.Answer answer = http.send(SdkHttpMethod.GET, path, headers, "");
    int status = answer.head().statusCode();
    try (InputStream body = answer.body()) {
      if (status == OK) {
        read(body);
      } else {
        refused(status, new String(body.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
  }

  private void refused(int status, String body) throws RefusedException {
    if (status == GONE) {
      lastId = null;
      notes.accept("what has changed meanwhile is not known any more: beginning anew");
    } else if (RETRYABLE.contains(status)) {
      notes.accept("trying again: " + body);
    } else {
      throw new RefusedException(body);
    }
  }

  /** An event counts when the empty line behind it has come. */
  private void read(InputStream body) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    String id = null;
    String data = null;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("id: ")) {
        id = line.substring("id: ".length());
      } else if (line.startsWith("data: ")) {
        data = line.substring("data: ".length());
      } else if (line.isEmpty() && data != null) {
        events.accept(JSON.readTree(data));
        lastId = id == null ? lastId : id;
        id = null;
        data = null;
      }
    }
  }

  private static String parameter(String name, @Nullable String value) {
    return value == null ? "" : "&" + name + "=" + encoded(value);
  }

  private static String encoded(String value) {
    return SdkHttpUtils.urlEncode(value);
  }
}
