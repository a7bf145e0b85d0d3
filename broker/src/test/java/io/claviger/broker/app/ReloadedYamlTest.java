package io.claviger.broker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.claviger.config.settings.SettingsException;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class ReloadedYamlTest {

  private static final Duration EVERY = Duration.ofMillis(20);
  private static final String MARK = "hush";

  private final Vertx vertx = Vertx.vertx();
  private final Logger logger = (Logger) LoggerFactory.getLogger(ReloadedYaml.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  @TempDir private Path directory;
  private Path file;

  private record Document(@Nullable List<@Nullable Entry> entries) {
    List<String> read() {
      return StrictYaml.entries("entries", entries, Entry::required);
    }
  }

  private record Entry(@Nullable String text) {
    String required() {
      if (MARK.equals(text)) {
        throw new IllegalStateException(MARK);
      }
      return StrictYaml.required("text", text);
    }
  }

  @BeforeEach
  void listenToTheLog() {
    file = directory.resolve("file.yaml");
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void close() {
    logger.detachAppender(log);
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void readsAFileAgainWhenItHasChanged() throws IOException {
    write("entries: [{text: a}]");
    Supplier<List<String>> read = open();
    assertThat(read.get()).containsExactly("a");

    write("entries: [{text: b}, {text: c}]");
    await().until(() -> read.get().equals(List.of("b", "c")));
    write("entries: []");
    await().until(() -> read.get().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "entries:",
        "hush",
        "hush: {}",
        "entries: {hush: hush}",
        "entries: [hush]",
        "entries: [~]",
        "entries: [{}]",
        "entries: [{hush: hush}]",
        "entries: [{text: [hush]}]",
        "entries: [{text: hush}]",
        "entries: [{text: a, text: hush}]",
        "entries: [{text: a}, hush",
        "entries: [{text: \"hush}]",
        "entries: [{text: a}]\nhush: 1",
        "entries: [{text: a}]\n--- \nhush",
        "entries: [{text: *hush}]",
        "entries: [{text: !hush a}]\n\thush",
      })
  void refusesWhatIsNoSuchDocumentAndNeverRepeatsIt(String content) throws IOException {
    write(content);

    assertThatThrownBy(this::open)
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("things in " + file)
        .hasMessageNotContaining(MARK)
        .hasNoCause();
  }

  @Test
  void saysWhereTheProblemIs() throws IOException {
    write("entries:\n  - text: a\n  - {text: b, hush: c}\n");
    assertThatThrownBy(this::open)
        .hasMessage("things in " + file + ": entries[1]: an unknown field, line 3");

    write("entries: [{text: a}, {}]");
    assertThatThrownBy(this::open)
        .hasMessage("things in " + file + ": entries[1]: text is missing");
  }

  @Test
  void refusesAFileThatIsNotThere() {
    assertThatThrownBy(this::open)
        .isInstanceOf(SettingsException.class)
        .hasMessage("things cannot be read from " + file + ": NoSuchFileException");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hush: 1", "entries: [{text: hush}]", "entries: [{text: \"hush}]", ""})
  void keepsWhatItHasReadWhileAChangedFileCannotBeUsedAndWarnsOnce(String content)
      throws IOException {
    write("entries: [{text: a}]");
    Supplier<List<String>> read = open();

    write(content);
    await().until(() -> warnings() == 1);
    assertThat(read.get()).containsExactly("a");

    write("entries: [{text: b}]");
    await().until(() -> read.get().equals(List.of("b")));
    assertThat(warnings()).isOne();
    assertThat(log.list)
        .allSatisfy(
            event ->
                assertThat(event.getFormattedMessage() + event.getKeyValuePairs())
                    .doesNotContain(MARK));
  }

  @Test
  void keepsWhatItHasReadWhileTheFileIsAwayAndSaysSoOnce() throws IOException {
    write("entries: [{text: a}]");
    Supplier<List<String>> read = open();
    Files.delete(file);
    await().until(() -> warnings() == 1);

    // After many checks there is still one warning, and the previous list.
    await().pollDelay(EVERY.multipliedBy(10)).until(() -> read.get().equals(List.of("a")));
    assertThat(warnings()).isOne();

    write("entries: [{text: b}]");
    await().until(() -> read.get().equals(List.of("b")));
  }

  private Supplier<List<String>> open() {
    return ReloadedYaml.open(vertx, file, EVERY, "things", Document.class, Document::read);
  }

  /** Replaces the content atomically, as mounted files change. */
  private void write(String content) throws IOException {
    Path other = Files.writeString(directory.resolve("other"), content);
    Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private long warnings() {
    return List.copyOf(log.list).stream()
        .filter(event -> event.getLevel().equals(Level.WARN))
        .count();
  }
}
