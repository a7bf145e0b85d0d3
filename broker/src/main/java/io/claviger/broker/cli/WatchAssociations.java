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
 * Watches a cluster's associations by server-sent events. If a connection ends, the watch resumes
 * after the last event. If the broker no longer has that position, the watch restarts with the full
 * list.
 */
final class WatchAssociations {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int OK = 200;
  private static final int GONE = 410;

  /** Throttling and server errors. */
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

  /** The API has rejected the watch, and a retry would not help. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  /**
   * Creates a watch without opening it.
   *
   * @param events receives each event
   * @param notes receives messages for the operator
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
   * Watches until the thread is interrupted.
   *
   * @throws RefusedException when the access key may not watch
   */
  void follow() throws RefusedException, InterruptedException {
    while (true) {
      try {
        once();
      } catch (IOException e) {
        notes.accept("connection lost, reconnecting: " + e);
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
      notes.accept("the broker no longer has the changes since the last event: listing all anew");
    } else if (RETRYABLE.contains(status)) {
      notes.accept("the API cannot answer at present, retrying: " + body);
    } else {
      throw new RefusedException(body);
    }
  }

  /** An event is complete at the empty line after it. */
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
