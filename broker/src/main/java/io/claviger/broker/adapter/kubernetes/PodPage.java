package io.claviger.broker.adapter.kubernetes;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.parsetools.JsonEvent;
import io.vertx.core.parsetools.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A page of the API server's list of pods. It is parsed pod by pod, so that the whole page is never
 * in memory.
 *
 * @param uids of the pods
 * @param version from which to watch changes; the same on all pages of a list
 * @param next token of the next page; empty on the last one
 */
record PodPage(List<UUID> uids, String version, String next) {

  /** A longer answer is a failure: 64 MiB, 128 KiB for each pod of a page. */
  private static final long MAX_BYTES = 64L << 20;

  PodPage {
    uids = List.copyOf(uids);
  }

  static Future<PodPage> read(HttpClientResponse response) {
    return new Reading().of(response);
  }

  private static final class Reading {

    private final Promise<PodPage> read = Promise.promise();
    private final List<UUID> uids = new ArrayList<>();
    private String version = "";
    private String next = "";
    private long bytes;

    Future<PodPage> of(HttpClientResponse response) {
      JsonParser parser = JsonParser.newParser();
      parser.handler(event -> event(parser, event));
      parser.exceptionHandler(malformed -> unreadable());
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
              read.tryFail("a page of the list of pods is longer than " + MAX_BYTES + " bytes");
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
        unreadable();
      }
    }

    private void value(JsonEvent event) {
      if (event.isObject()) {
        if (uids.size() >= PodsApi.MAX_PAGE) {
          read.tryFail("a page of the list of pods has more pods than requested");
        } else {
          uids.add(PodChange.uid(event.objectValue()));
        }
      } else if ("resourceVersion".equals(event.fieldName())) {
        version = event.stringValue();
      } else if ("continue".equals(event.fieldName())) {
        next = event.stringValue();
      }
    }

    /** The message omits the content. */
    private void unreadable() {
      read.tryFail("the list of pods cannot be read");
    }

    private void ended() {
      if (version.isEmpty()) {
        read.tryFail("the list of pods has no version");
      } else {
        read.tryComplete(new PodPage(uids, version, next));
      }
    }
  }
}
