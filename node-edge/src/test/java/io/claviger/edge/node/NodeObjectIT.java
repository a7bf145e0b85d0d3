package io.claviger.edge.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.edge.upstream.TestAuthority;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A {@link NodeObject}, at an API server of which only the nodes are there. */
final class NodeObjectIT {

  private static final String TAINT = "claviger.io/edge-not-ready";

  @TempDir private Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final List<String> patches = new CopyOnWriteArrayList<>();
  private volatile String taints = "[]";
  private volatile int patchStatus = 200;
  private NodeObject node =
      new NodeObject(URI.create("https://none"), "", Path.of(""), Path.of(""));

  @BeforeEach
  void start() throws Exception {
    TestAuthority authority = new TestAuthority();
    HttpServer api =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setSsl(true)
                    .setUseAlpn(true)
                    .setKeyCertOptions(authority.forLoopback()))
            .requestHandler(this::answer)
            .listen(0, "localhost")
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
    node =
        new NodeObject(
            URI.create("https://localhost:" + api.actualPort()),
            "node-1",
            Files.writeString(directory.resolve("token"), "the-token\n"),
            authority.writeTo(directory.resolve("ca.crt")));
  }

  @AfterEach
  void end() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private void answer(HttpServerRequest request) {
    if (!"Bearer the-token".equals(request.getHeader("Authorization"))
        || !request.path().equals("/api/v1/nodes/node-1")) {
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

  @Test
  void losesTheTaintAndNoOther() throws Exception {
    taints =
        """
        [{"key":"a","effect":"NoSchedule"},{"key":"%s","effect":"NoSchedule"},
         {"key":"b","effect":"NoExecute"},{"key":"%s","effect":"NoExecute"}]"""
            .formatted(TAINT, TAINT);

    assertThat(node.removeTaint(TAINT)).isTrue();

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
    assertThat(node.removeTaint(TAINT)).isFalse();
    taints = "null";
    assertThat(node.removeTaint(TAINT)).isFalse();

    assertThat(patches).isEmpty();
  }

  @Test
  void failsWhereSomebodyElseWasQuicker() {
    taints = "[{\"key\":\"%s\",\"effect\":\"NoSchedule\"}]".formatted(TAINT);
    patchStatus = 422;

    assertThatThrownBy(() -> node.removeTaint(TAINT))
        .isInstanceOf(IOException.class)
        .hasMessage("the API server answers 422");
  }

  @Test
  void failsWhereItMayNot() throws Exception {
    Files.writeString(node.tokenFile(), "another");

    assertThatThrownBy(() -> node.removeTaint(TAINT)).hasMessage("the API server answers 403");
  }

  @Test
  void trustsNobodyElse() throws Exception {
    var unused = new TestAuthority().writeTo(node.authorities());

    assertThatThrownBy(() -> node.removeTaint(TAINT)).isInstanceOf(IOException.class);
  }
}
