package io.claviger.edge.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.claviger.config.http.ApiServerClient;
import io.claviger.config.http.RotatedFiles;
import io.claviger.edge.upstream.TestAuthority;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A {@link NodeObject} at a fake API server that has only nodes. */
final class NodeObjectIT {

  private static final String TAINT = "claviger.io/edge-not-ready";

  @TempDir private Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final List<String> patches = new CopyOnWriteArrayList<>();
  private volatile String taints = "[]";
  private volatile int patchStatus = 200;
  private final List<JsonObject> events = new CopyOnWriteArrayList<>();
  private volatile int eventStatus = 201;
  private TestAuthority authority;
  private Path token;
  private Path ca;
  private NodeObject node;

  @BeforeEach
  void start() throws Exception {
    authority = new TestAuthority();
    token = Files.writeString(directory.resolve("token"), "the-token\n");
    ca = authority.writeTo(directory.resolve("ca.crt"));
    node = node(authority.forLoopback());
  }

  private NodeObject node(PemKeyCertOptions certificate) throws Exception {
    HttpServer api =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setSsl(true)
                    .setUseAlpn(true)
                    .setKeyCertOptions(certificate))
            .requestHandler(this::answer)
            .listen(0, "localhost")
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
    URI url = URI.create("https://localhost:" + api.actualPort());
    ApiServerClient apiServer =
        new ApiServerClient(vertx, url, RotatedFiles.of(token, ca), Duration.ofSeconds(150));
    return new NodeObject(
        vertx, apiServer, "node-1", TAINT, () -> Instant.parse("2026-01-02T03:04:05.678Z"));
  }

  @AfterEach
  void end() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private void answer(HttpServerRequest request) {
    boolean known = "Bearer the-token".equals(request.getHeader("Authorization"));
    if (known && request.path().equals("/api/v1/namespaces/default/events")) {
      request
          .body()
          .onSuccess(
              body -> {
                events.add(body.toJsonObject());
                request.response().setStatusCode(eventStatus).end("{}");
              });
    } else if (!known || !request.path().equals("/api/v1/nodes/node-1")) {
      request.response().setStatusCode(403).end("{}");
    } else if (request.method().equals(HttpMethod.GET)) {
      request.response().end("{\"kind\":\"Node\",\"spec\":{\"taints\":" + taints + "}}");
    } else {
      request
          .body()
          .onSuccess(
              body -> {
                patches.add(request.getHeader("Content-Type") + " " + body);
                request.response().setStatusCode(patchStatus).end("{}");
              });
    }
  }

  private boolean removeTaint() throws Exception {
    Promise<Boolean> removed = Promise.promise();
    vertx.runOnContext(nothing -> node.removeTaint().onComplete(removed));
    return removed.future().toCompletionStage().toCompletableFuture().get(15, TimeUnit.SECONDS);
  }

  @Test
  void losesTheTaintAndNoOther() throws Exception {
    taints =
        """
        [{"key":"a","effect":"NoSchedule"},{"key":"%s","effect":"NoSchedule"},
         {"key":"b","effect":"NoExecute"},{"key":"%s","effect":"NoExecute"}]"""
            .formatted(TAINT, TAINT);

    assertThat(removeTaint()).isTrue();

    assertThat(patches)
        .containsExactly(
            ("application/json-patch+json"
                    + " [{'op':'test','path':'/spec/taints/3','value':{'key':'T','effect':'NoExecute'}},"
                    + "{'op':'remove','path':'/spec/taints/3'},"
                    + "{'op':'test','path':'/spec/taints/1','value':{'key':'T','effect':'NoSchedule'}},"
                    + "{'op':'remove','path':'/spec/taints/1'}]")
                .replace('\'', '"')
                .replace("\"T\"", '"' + TAINT + '"'));
  }

  @Test
  void isLeftAloneWhereTheTaintIsNot() throws Exception {
    taints = "[{\"key\":\"a\",\"effect\":\"NoSchedule\"}]";
    assertThat(removeTaint()).isFalse();
    taints = "null";
    assertThat(removeTaint()).isFalse();

    assertThat(patches).isEmpty();
  }

  @Test
  void failsWhereSomebodyElseWasQuicker() {
    taints = "[{\"key\":\"%s\",\"effect\":\"NoSchedule\"}]".formatted(TAINT);
    patchStatus = 422;

    assertThatThrownBy(this::removeTaint).hasRootCauseMessage("the API server answered 422");
  }

  @Test
  void failsWhereItMayNot() throws Exception {
    Files.writeString(token, "another");

    assertThatThrownBy(this::removeTaint).hasRootCauseMessage("the API server answered 403");
  }

  private void warn() throws Exception {
    Promise<Void> written = Promise.promise();
    vertx.runOnContext(nothing -> node.reportRemovalWithoutBroker().onComplete(written));
    written.future().toCompletionStage().toCompletableFuture().get(15, TimeUnit.SECONDS);
  }

  @Test
  void getsAnEventThatKubectlDescribeNodeShows() throws Exception {
    warn();

    assertThat(events).hasSize(1);
    JsonObject event = events.getFirst();
    assertThat(event.getJsonObject("metadata").getMap())
        .containsOnly(entry("namespace", "default"), entry("generateName", "node-1."));
    assertThat(event.getJsonObject("involvedObject").getMap())
        .contains(entry("kind", "Node"), entry("name", "node-1"), entry("uid", "node-1"));
    assertThat(event.getMap())
        .contains(
            entry("type", "Warning"),
            entry("reason", "StartupTaintRemoved"),
            entry("firstTimestamp", "2026-01-02T03:04:05Z"));
    assertThat(event.getString("message")).contains(TAINT).hasSizeLessThan(1024);
  }

  @Test
  void saysThatAnEventWasRefused() {
    eventStatus = 403;

    assertThatThrownBy(this::warn).hasRootCauseMessage("the API server answered 403");
  }

  @Test
  void trustsWhomTheFileNamesNowAndNobodyElse() throws Exception {
    String trusted = Files.readString(ca);
    var unused = new TestAuthority().writeTo(ca);

    assertThatThrownBy(this::removeTaint).hasCauseInstanceOf(SSLHandshakeException.class);

    Files.writeString(ca, trusted);
    assertThat(removeTaint()).isFalse();
  }

  @Test
  void isNotAskedOfAServerUnderAnotherName() throws Exception {
    node = node(authority.forAnotherName());

    assertThatThrownBy(this::removeTaint)
        .hasRootCauseMessage("No subject alternative DNS name matching localhost found.");
  }

  @Test
  void failsWhereAFileCannotBeRead() throws Exception {
    Files.delete(token);
    assertThatThrownBy(this::removeTaint)
        .hasRootCauseMessage("the token to be presented cannot be read: file " + token);
    Files.delete(ca);
    assertThatThrownBy(this::removeTaint)
        .hasRootCauseMessage("the authorities to be trusted cannot be read: file " + ca);
  }
}
