package io.claviger.broker.ingress.api;

import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A watching client, which reads in the background. */
final class WatchClient implements AutoCloseable {

  private final HttpResponse<Stream<String>> response;
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final AtomicInteger heartbeats = new AtomicInteger();
  private final Thread reading;
  private String id = "";

  /** An event. Without an id, the id is empty. */
  record Event(String id, JsonObject data) {
    String type() {
      return data.getString("type");
    }

    String serviceAccount() {
      return data.getJsonObject("association").getString("serviceAccount");
    }

    long sequence() {
      return data.getJsonObject("position").getLong("sequence");
    }
  }

  /** Starts to read. */
  WatchClient(HttpResponse<Stream<String>> response) {
    this.response = response;
    reading = Thread.ofPlatform().daemon().start(this::read);
  }

  private void read() {
    try (Stream<String> lines = response.body()) {
      lines.forEach(this::line);
    } catch (UncheckedIOException cutOff) {
      // A failed connection has ended too.
    }
  }

  private void line(String line) {
    if (line.startsWith("id: ")) {
      id = line.substring("id: ".length());
    } else if (line.startsWith("data: ")) {
      events.add(new Event(id, new JsonObject(line.substring("data: ".length()))));
      id = "";
    } else if (line.startsWith(":")) {
      heartbeats.incrementAndGet();
    }
  }

  HttpResponse<Stream<String>> response() {
    return response;
  }

  List<Event> events() {
    return List.copyOf(events);
  }

  /** The changes after the initial list. */
  List<Event> changes() {
    return events.stream()
        .dropWhile(event -> event.id().isEmpty())
        .filter(event -> !event.type().equals("BOOKMARK"))
        .toList();
  }

  boolean hasBegun() {
    return events.stream().anyMatch(event -> event.type().equals("BOOKMARK"));
  }

  int heartbeats() {
    return heartbeats.get();
  }

  boolean isOver() {
    return !reading.isAlive();
  }

  @Override
  public void close() {
    reading.interrupt();
  }
}
