package io.claviger.broker.adapter.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Single calls of an API server that do not block, unlike the client's own methods. The client
 * supplies address, authorities and token. If a call's connection is lost, the call is sent once
 * more within its deadline, so it must be repeatable.
 */
final class ApiCalls {

  private static final String JSON = "application/json";
  private static final String MERGE_PATCH = "application/merge-patch+json";

  /** RFC 1123, as the API server requires for names. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

  private final Vertx vertx;
  private final KubernetesClient client;
  private final Duration deadline;

  ApiCalls(Vertx vertx, KubernetesClient client, Duration deadline) {
    this.vertx = vertx;
    this.client = client;
    this.deadline = deadline;
  }

  /**
   * Returns whether an object can have this name. A pod is reviewed before its own fields are
   * validated, and no other name may enter a path.
   */
  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  Future<Answer> get(String path) {
    return send(request(path));
  }

  Future<Answer> get(String path, String accept) {
    return send(request(path).header("Accept", accept));
  }

  Future<Answer> post(String path, Object body) {
    return send(request(path).post(JSON, client.getKubernetesSerialization().asJson(body)));
  }

  Future<Answer> patch(String path, Object change) {
    return send(
        request(path)
            .method("PATCH", MERGE_PATCH, client.getKubernetesSerialization().asJson(change)));
  }

  private HttpRequest.Builder request(String path) {
    String url = client.getMasterUrl().toString();
    return client
        .getHttpClient()
        .newHttpRequestBuilder()
        .uri(url.endsWith("/") ? url + path.substring(1) : url + path)
        .timeout(deadline.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Future<Answer> send(HttpRequest.Builder request) {
    HttpRequest sent = request.build();
    return once(sent)
        .recover(failure -> isLost(failure) ? once(sent) : Future.failedFuture(failure))
        .timeout(deadline.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Future<Answer> once(HttpRequest request) {
    try {
      return Future.fromCompletionStage(
              client.getHttpClient().sendAsync(request, byte[].class), vertx.getOrCreateContext())
          .map(this::answer)
          .recover(failure -> Future.failedFuture(cause(failure)));
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  /** The API server closed the connection, or it was closed after a silence. */
  private static boolean isLost(Throwable failure) {
    return failure instanceof IOException
        && !(failure instanceof ConnectException || failure instanceof UnknownHostException);
  }

  /** Returns the cause without the client's own wrapper, so that logs name its class. */
  private static Throwable cause(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }

  private Answer answer(HttpResponse<byte[]> response) {
    byte[] body = response.body();
    return new Answer(
        response.code(), body == null ? "" : new String(body, StandardCharsets.UTF_8));
  }

  <T> T read(Answer answer, Class<T> type) {
    return client.getKubernetesSerialization().unmarshal(answer.body(), type);
  }

  /** The API server's answer; {@link #toString()} omits the body, which may contain a token. */
  record Answer(int status, String body) {
    @Override
    public String toString() {
      return "Answer[" + status + "]";
    }
  }
}
