package io.claviger.broker.cli.doctor;

import io.claviger.schemas.bus.RefusalReason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Sends requests with the JDK's client. */
final class JdkHttpGet implements HttpGet {

  private static final Duration CONNECTING = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(5);

  @Override
  public Answer get(URI uri, String authorization) throws IOException {
    long started = System.nanoTime();
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(CONNECTING)
            .build()) {
      HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(ANSWER);
      if (!authorization.isEmpty()) {
        request.header("Authorization", authorization);
      }
      var response = client.send(request.build(), BodyHandlers.ofString());
      return new Answer(
          response.statusCode(),
          response.headers().firstValue(RefusalReason.HEADER).orElse(""),
          response.body(),
          Duration.ofNanos(System.nanoTime() - started));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }
}
