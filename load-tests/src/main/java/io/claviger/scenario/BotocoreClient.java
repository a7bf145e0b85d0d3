package io.claviger.scenario;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * botocore's own container provider (that of boto3 and the AWS CLI), in a Python process. It has a
 * read timeout of two seconds, and makes three attempts a second apart. The process serves many
 * pods in parallel, with a thread for each.
 */
public final class BotocoreClient implements FetchingClient, AutoCloseable {

  private static final String SCRIPT = "botocore_client.py";
  private static final int TIMEOUT_SECONDS = 60;

  private final Process process;
  private final BufferedWriter requests;
  private final Map<Long, CompletableFuture<JsonObject>> waiting = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();

  private BotocoreClient(Process process) {
    this.process = process;
    this.requests = process.outputWriter(StandardCharsets.UTF_8);
    Thread.ofPlatform().daemon().name("botocore-answers").start(this::readAnswers);
  }

  /**
   * Starts the Python process; empty when this machine's {@code python3} has no botocore.
   *
   * @param directory for the script
   */
  public static Optional<BotocoreClient> start(Path directory) {
    try {
      Path script = directory.resolve(SCRIPT);
      try (var source = BotocoreClient.class.getResourceAsStream(SCRIPT)) {
        if (source == null) {
          throw new IllegalStateException(SCRIPT + " is not on the class path");
        }
        Files.write(script, source.readAllBytes());
      }
      ProcessBuilder python =
          new ProcessBuilder("python3", script.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD);
      python.environment().keySet().removeIf(BotocoreClient::unwanted);
      return ready(python.start());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean unwanted(String variable) {
    return variable.startsWith("AWS_") || variable.toLowerCase(Locale.ROOT).endsWith("_proxy");
  }

  private static Optional<BotocoreClient> ready(Process process) throws IOException {
    BufferedReader answers = process.inputReader(StandardCharsets.UTF_8);
    if ("ready".equals(answers.readLine())) {
      return Optional.of(new BotocoreClient(process));
    }
    process.destroyForcibly();
    return Optional.empty();
  }

  @Override
  public Fetch fetch(PodEnvironment pod) throws InterruptedException {
    long started = System.nanoTime();
    long number = numbers.incrementAndGet();
    CompletableFuture<JsonObject> answer = new CompletableFuture<>();
    waiting.put(number, answer);
    try {
      send(
          new JsonObject()
              .put("n", number)
              .put("uri", pod.credentials().toString())
              .put("tokenFile", pod.tokenFile().toString()));
      return fetch(answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS));
    } catch (TimeoutException | ExecutionException e) {
      return new Fetch.Failed(
          "no answer from the Python process", Duration.ofNanos(System.nanoTime() - started));
    } finally {
      waiting.remove(number);
    }
  }

  private static Fetch fetch(JsonObject answer) {
    Duration took = Duration.ofMillis(answer.getLong("millis"));
    return answer.containsKey("error")
        ? new Fetch.Failed(answer.getString("error"), took)
        : new Fetch.Got(
            answer.getString("accessKeyId"),
            answer.getString("secretAccessKey"),
            answer.getString("sessionToken"),
            answer.getString("accountId"),
            took);
  }

  private synchronized void send(JsonObject request) {
    try {
      requests.write(request.encode());
      requests.newLine();
      requests.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the Python process has ended", e);
    }
  }

  private void readAnswers() {
    try {
      String line;
      BufferedReader answers = process.inputReader(StandardCharsets.UTF_8);
      while ((line = answers.readLine()) != null) {
        JsonObject answer = new JsonObject(line);
        CompletableFuture<JsonObject> asked = waiting.get(answer.getLong("n"));
        if (asked != null) {
          asked.complete(answer);
        }
      }
    } catch (IOException e) {
      // The process is gone: the loop below fails the waiting calls.
    }
    waiting.values().forEach(asked -> asked.completeExceptionally(new IOException("gone")));
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
