package io.claviger.broker.adapter.kubernetes;

import io.claviger.broker.identity.KnownPods;
import io.claviger.broker.telemetry.PodMeters;
import io.claviger.config.http.ApiServerClient;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.parsetools.RecordParser;
import java.time.Duration;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the uids of a cluster's pods. It lists them in pages, then watches changes. If a connection
 * ends, it resumes from the last version; if something may be missed, it lists them again. While it
 * fails, the broker requests each pod from the API server. Deploy it; everything runs on its
 * context.
 */
public final class PodWatch extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(PodWatch.class);
  private static final int GONE = 410;

  /** A line is one pod's metadata; the API server stores no larger object. */
  private static final int MAX_LINE_BYTES = 2 << 20;

  private static final Duration PAGE_TIME = Duration.ofSeconds(30);
  private static final Duration WATCH_TIME = Duration.ofMinutes(5);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** After this many failures in a row, the version may be one that the cluster never had. */
  private static final int SUSPECT_VERSION_AFTER = 3;

  /** After a failure, pods count as watched again once a watch has lasted this long. */
  private static final Duration ACCEPTED_AFTER = Duration.ofSeconds(1);

  private final String cluster;
  private final PodsApi api;
  private final KnownPods pods;
  private final DoubleSupplier random;
  private final PodMeters meters;
  private String version = "";
  private int failures;
  private boolean stopped;

  /**
   * Watches nothing until it is deployed.
   *
   * @param cluster its registered name
   * @param pods written only by this watch
   * @param random between 0 and 1, for jitter
   */
  public PodWatch(
      String cluster, PodsApi api, KnownPods pods, DoubleSupplier random, PodMeters meters) {
    this.cluster = cluster;
    this.api = api;
    this.pods = pods;
    this.random = random;
    this.meters = meters;
  }

  /** Starts without waiting, because the API server may be unavailable. */
  @Override
  public Future<?> start() {
    meters.watch(cluster, () -> pods.complete() ? 1 : 0, pods::size);
    list();
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    return Future.succeededFuture();
  }

  private void list() {
    pods.listBegins();
    pages("")
        .onComplete(
            list -> {
              if (list.succeeded()) {
                pods.listEnds();
                version = list.result();
                meters.list(cluster, "ok");
                watch();
              } else {
                failed(list.cause(), this::list);
              }
            });
  }

  /** Returns the version of the whole list. */
  private Future<String> pages(String from) {
    return api.list(from)
        .compose(this::page)
        .compose(
            page -> {
              pods.present(page.uids());
              if (stopped) {
                // A partial list says nothing about the pods on its other pages.
                return Future.failedFuture("stopped");
              }
              return page.next().isEmpty()
                  ? Future.succeededFuture(page.version())
                  : pages(page.next());
            });
  }

  private Future<PodPage> page(HttpClientResponse response) {
    // If this page fails, its response would continue beside the next one's.
    long timer = vertx.setTimer(PAGE_TIME.toMillis(), late -> response.request().reset());
    return PodPage.read(response)
        .onFailure(failure -> response.request().reset())
        .onComplete(read -> vertx.cancelTimer(timer));
  }

  private void watch() {
    api.watch(version, jittered(WATCH_TIME))
        .compose(this::follow)
        .onComplete(
            end -> {
              if (end.succeeded()) {
                after(jittered(FIRST_PAUSE), this::watch);
              } else {
                failed(end.cause(), next(end.cause()));
              }
            });
  }

  /** A lost connection is opened again; if the version is too old, pods are listed again. */
  private Runnable next(Throwable cause) {
    boolean missed =
        cause instanceof MissedException
            || (cause instanceof ApiServerClient.RefusedException refused
                && refused.status() == GONE);
    boolean suspect = (failures + 1) % SUSPECT_VERSION_AFTER == 0;
    return missed || suspect ? this::list : this::watch;
  }

  /** Completes when the watch's time is over; fails if it ended otherwise. */
  private Future<Void> follow(HttpClientResponse response) {
    Promise<Void> end = Promise.promise();
    followedUnless(end);
    RecordParser lines = RecordParser.newDelimited("\n").maxRecordSize(MAX_LINE_BYTES);
    lines.handler(
        line -> {
          if (!end.future().isComplete()) {
            changed(line, end);
          }
        });
    lines.exceptionHandler(tooLong -> end.tryFail(new MissedException("a line is too long")));
    response.exceptionHandler(end::tryFail);
    response.endHandler(over -> end.tryComplete());
    response.handler(lines);
    return end.future().onFailure(failure -> response.request().reset());
  }

  /** If the version is too old, the first line of an accepted watch reports it. */
  private void followedUnless(Promise<Void> end) {
    if (failures == 0) {
      followed();
    } else {
      long timer = vertx.setTimer(ACCEPTED_AFTER.toMillis(), id -> followed());
      end.future().onComplete(ended -> vertx.cancelTimer(timer));
    }
  }

  private void followed() {
    pods.complete(true);
    if (failures > 0) {
      LOG.atInfo().addKeyValue("cluster", cluster).log("pods are watched again");
    }
    failures = 0;
  }

  private void changed(Buffer line, Promise<Void> end) {
    try {
      switch (PodChange.of(line)) {
        case PodChange.Present(var uid, var at) -> {
          pods.present(List.of(uid));
          version = at;
        }
        case PodChange.Deleted(var uid, var at) -> {
          pods.gone(List.of(uid));
          version = at;
        }
        case PodChange.Bookmark(var at) -> version = at;
        case PodChange.Lost(var message) ->
            end.tryFail(new MissedException("the watch was ended: " + message));
      }
    } catch (RuntimeException e) {
      // The message omits the content.
      end.tryFail(new MissedException("a line of the watch cannot be read"));
    }
  }

  private void failed(Throwable cause, Runnable next) {
    pods.complete(false);
    if (stopped) {
      return;
    }
    meters.list(cluster, "failed");
    if (failures++ == 0) {
      boolean notPermitted =
          cause instanceof ApiServerClient.RefusedException refused && refused.status() == 403;
      LOG.atWarn()
          .addKeyValue("cluster", cluster)
          .addKeyValue("reason", cause.getMessage())
          .log(
              notPermitted
                  ? "the broker may not list and watch pods; it requests each pod instead"
                  : "pods cannot be watched now; the broker requests each pod instead");
    }
    long doubled = FIRST_PAUSE.toMillis() << Math.min(failures - 1, 10);
    after(jittered(Duration.ofMillis(Math.min(doubled, LONGEST_PAUSE.toMillis()))), next);
  }

  private void after(Duration pause, Runnable next) {
    if (!stopped) {
      vertx.setTimer(Math.max(1, pause.toMillis()), timer -> next.run());
    }
  }

  /** Returns at least half of the time. */
  private Duration jittered(Duration time) {
    return Duration.ofMillis((long) (time.toMillis() * (0.5 + random.getAsDouble() / 2)));
  }

  /** The watch cannot resume from its version. */
  private static final class MissedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MissedException(String message) {
      super(message, null, false, false);
    }
  }
}
