package io.claviger.config.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A main class of these tests in its own JVM: a line in, a line out. It ends with its input. */
final class ForkedProcess implements AutoCloseable {

  private static final String ANSWER = "> ";
  private static final String ENDED = "";
  private static final long DEADLINE_SECONDS = 60;

  private final Process process;
  private final Writer questions;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

  private ForkedProcess(Process process) {
    this.process = process;
    this.questions = new OutputStreamWriter(process.getOutputStream(), UTF_8);
    Thread.ofPlatform().daemon().start(this::read);
  }

  /**
   * Starts the process.
   *
   * @param placed wraps the command so that it runs where the test needs it
   * @param options of the JVM
   */
  static ForkedProcess start(
      UnaryOperator<List<String>> placed,
      List<String> options,
      Class<?> main,
      List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    try {
      ProcessBuilder builder = new ProcessBuilder(placed.apply(command)).redirectErrorStream(true);
      builder.environment().put("CLAVIGER_LOG", "text");
      return new ForkedProcess(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs in such a process: answers each line of its input until the input ends. */
  static void answer(UnaryOperator<String> questions) throws IOException {
    var lines = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      System.out.println(ANSWER + questions.apply(line));
    }
  }

  /** Sends a line and waits for the answer; the first call also waits for the start. */
  String ask(String question) {
    try {
      questions.write(question + "\n");
      questions.flush();
      String answer = answers.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
      if (answer == null || answer.equals(ENDED)) {
        throw new IllegalStateException("no answer to " + question);
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException("it has ended, see its output", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void read() {
    try (var lines = process.inputReader(UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(ANSWER)) {
          answers.add(line.substring(ANSWER.length()));
        } else {
          System.out.println(process.pid() + " " + line);
        }
      }
    } catch (IOException e) {
      System.out.println(process.pid() + " " + e);
    } finally {
      answers.add(ENDED);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
