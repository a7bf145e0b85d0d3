package io.claviger.edge.kubernetes;

import io.claviger.edge.telemetry.EdgeMeters;
import io.claviger.edge.telemetry.EdgeMeters.UpstreamResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.parsetools.RecordParser;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that pods of this node are deleted: lists them, watches what changes, and lists them
 * again when it may have missed something. Where it may not, it says so once and looks again from
 * time to time: brokers ask the cluster too.
 */
public final class PodWatch {

  private static final Logger LOG = LoggerFactory.getLogger(PodWatch.class);

  /** A line is one pod's metadata. */
  private static final int MAX_LINE_BYTES = 256 * 1024;

  private static final Duration LIST_TIME = Duration.ofSeconds(30);
  private static final Duration WATCH_TIME = Duration.ofMinutes(5);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final Duration NOT_PERMITTED_PAUSE = Duration.ofMinutes(10);

  /** After this many lists that failed the last version may be one that the cluster never had. */
  private static final int DOUBT_VERSION_AFTER = 3;

  private final Vertx vertx;
  private final Context context;
  private final PodsApi api;
  private final NodePods pods;
  private final DoubleSupplier random;
  private final EdgeMeters meters;

  // Of the context.
  private String version = "0";
  private int failures;

  /**
   * Watches nothing until {@link #start()}.
   *
   * @param context where everything of it runs
   * @param deleted told the uid of each pod that is deleted, on the context
   * @param random between 0 and 1, for jitter
   */
  public PodWatch(
      Vertx vertx,
      Context context,
      PodsApi api,
      Consumer<String> deleted,
      DoubleSupplier random,
      EdgeMeters meters) {
    this.vertx = vertx;
    this.context = context;
    this.api = api;
    this.pods = new NodePods(deleted, meters);
    this.random = random;
    this.meters = meters;
  }

  /** Begins; ends with Vert.x. */
  public void start() {
    meters.read(EdgeMeters.Reading.PODS_KNOWN, pods::size);
    context.runOnContext(nothing -> list());
  }

  private void list() {
    String notOlderThan = failures >= DOUBT_VERSION_AFTER ? "" : version;
    api.list(notOlderThan)
        .compose(this::whole)
        .onComplete(
            list -> {
              if (list.succeeded()) {
                listed(list.result());
              } else {
                failed(list.cause());
              }
            });
  }

  private Future<PodList> whole(HttpClientResponse response) {
    // Where it fails it would go on coming, beside the next one.
    long timer = vertx.setTimer(LIST_TIME.toMillis(), late -> response.request().reset());
    return PodList.read(response)
        .onFailure(failure -> response.request().reset())
        .onComplete(read -> vertx.cancelTimer(timer));
  }

  private void listed(PodList list) {
    if (failures > 0) {
      LOG.atInfo().log("pods of this node are watched again");
    }
    failures = 0;
    meters.podList(UpstreamResult.OK);
    version = list.version();
    pods.are(list.uids());
    watch();
  }

  private void watch() {
    api.watch(version, jittered(WATCH_TIME))
        .compose(this::follow)
        .onComplete(
            end -> {
              if (end.succeeded()) {
                after(jittered(FIRST_PAUSE), this::watch);
              } else {
                failed(end.cause());
              }
            });
  }

  /** Completes when the watch's time is over, fails when something may have been missed. */
  private Future<Void> follow(HttpClientResponse response) {
    Promise<Void> end = Promise.promise();
    RecordParser lines = RecordParser.newDelimited("\n").maxRecordSize(MAX_LINE_BYTES);
    lines.handler(
        line -> {
          if (!end.future().isComplete()) {
            changed(line, end);
          }
        });
    lines.exceptionHandler(end::tryFail);
    response.exceptionHandler(end::tryFail);
    response.endHandler(over -> end.tryComplete());
    response.handler(lines);
    return end.future().onFailure(failure -> response.request().reset());
  }

  private void changed(Buffer line, Promise<Void> end) {
    try {
      switch (PodChange.of(line)) {
        case PodChange.Present(var uid, var at) -> {
          pods.added(uid);
          version = at;
        }
        case PodChange.Deleted(var uid, var at) -> {
          pods.deleted(uid);
          version = at;
        }
        case PodChange.Bookmark(var at) -> version = at;
        case PodChange.Lost(var message) -> end.tryFail("the watch was ended: " + message);
      }
    } catch (RuntimeException e) {
      end.tryFail("a line of the watch cannot be read");
    }
  }

  private void failed(Throwable cause) {
    meters.podList(UpstreamResult.FAILED);
    boolean notPermitted =
        cause instanceof ClusterApi.RefusedException refused && refused.status() == 403;
    if (failures++ == 0) {
      LOG.atWarn()
          .addKeyValue("reason", cause.getMessage())
          .log(
              notPermitted
                  ? "pods of this node may not be watched; brokers ask the cluster instead"
                  : "pods of this node cannot be watched now");
    }
    long doubled = FIRST_PAUSE.toMillis() << Math.min(failures - 1, 10);
    Duration pause = Duration.ofMillis(Math.min(doubled, LONGEST_PAUSE.toMillis()));
    after(jittered(notPermitted ? NOT_PERMITTED_PAUSE : pause), this::list);
  }

  private void after(Duration pause, Runnable next) {
    vertx.setTimer(Math.max(1, pause.toMillis()), timer -> next.run());
  }

  /** Half of it at least. */
  private Duration jittered(Duration time) {
    return Duration.ofMillis((long) (time.toMillis() * (0.5 + random.getAsDouble() / 2)));
  }
}
