package io.claviger.edge.kubernetes;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.parsetools.JsonEvent;
import io.vertx.core.parsetools.JsonParser;
import java.util.HashSet;
import java.util.Set;

/**
 * A list of pods as the API server answered it. It is read pod by pod: the whole of it is never in
 * memory.
 *
 * @param uids of the pods
 * @param version from which on changes are to be watched
 */
record PodList(Set<String> uids, String version) {

  /** A longer answer is a failure: 64 MiB. */
  private static final long MAX_BYTES = 64L << 20;

  /** More pods than any node has. */
  static final int MAX_PODS = 4_000;

  PodList {
    uids = Set.copyOf(uids);
  }

  static Future<PodList> read(HttpClientResponse response) {
    return new Reading().of(response);
  }

  private static final class Reading {

    private final Promise<PodList> read = Promise.promise();
    private final Set<String> uids = new HashSet<>();
    private String version = "";
    private long bytes;

    Future<PodList> of(HttpClientResponse response) {
      JsonParser parser = JsonParser.newParser();
      parser.handler(event -> event(parser, event));
      parser.exceptionHandler(read::tryFail);
      parser.endHandler(end -> ended());
      response.exceptionHandler(read::tryFail);
      response.endHandler(end -> parser.end());
      response.handler(
          part -> {
            bytes += part.length();
            if (read.future().isComplete()) {
              return;
            }
            if (bytes > MAX_BYTES) {
              read.tryFail("the list of pods is too long");
            } else {
              parser.handle(part);
            }
          });
      return read.future();
    }

    private void event(JsonParser parser, JsonEvent event) {
      try {
        switch (event.type()) {
          case START_ARRAY -> parser.objectValueMode();
          case END_ARRAY -> parser.objectEventMode();
          case VALUE -> value(event);
          default -> {}
        }
      } catch (RuntimeException e) {
        read.tryFail("the list of pods cannot be read");
      }
    }

    private void value(JsonEvent event) {
      if (event.isObject()) {
        uids.add(PodChange.uid(event.objectValue()));
        if (uids.size() > MAX_PODS) {
          read.tryFail("the list has more pods than a node can have");
        }
      } else if ("resourceVersion".equals(event.fieldName())) {
        version = event.stringValue();
      }
    }

    private void ended() {
      if (version.isEmpty()) {
        read.tryFail("the list of pods has no version");
      } else {
        read.tryComplete(new PodList(uids, version));
      }
    }
  }
}
