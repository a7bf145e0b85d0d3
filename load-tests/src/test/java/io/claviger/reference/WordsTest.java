package io.claviger.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Words that Claviger once had of its own and that may not come back: each has a standard term.
 * What each is now stands in CHANGELOG.md, which alone may name the old ones.
 */
final class WordsTest {

  private static final Path TOP = Path.of("..").toAbsolutePath().normalize();

  /** Wherever they stand: in names, comments, documents and settings. */
  private static final Set<String> NOWHERE =
      Set.of(
          "asker",
          "askers",
          "desk",
          "desks",
          "door",
          "doors",
          "floor",
          "floors",
          "greet",
          "greeted",
          "greeting",
          "greetings",
          "greets",
          "hurried",
          "hurry",
          "lane",
          "lanes",
          "patience",
          "patiences",
          "patiently",
          "ruling",
          "rulings",
          "setback",
          "setbacks",
          "tenure",
          "ticket",
          "tickets",
          "unplaced",
          "untold",
          "verdict",
          "verdicts",
          "withheld",
          "withhold",
          "withholding",
          "withholds");

  /** Also part of plain sentences, but no name of anything. */
  private static final Set<String> NO_NAME =
      Set.of("held", "moved", "interest", "interests", "told", "trouble", "wish", "wishes");

  private static final Pattern PHRASE =
      Pattern.compile(
          "hand(s|ed|ing)?( it| them)?[ -]out\\b|turn(s|ed)?( it| them)? away\\b|own trouble\\b");

  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*");
  private static final Pattern PART = Pattern.compile("[A-Z]?[a-z]+|[A-Z]+(?![a-z])");
  private static final Pattern TEXT = Pattern.compile("\"(\\\\.|[^\"\\\\])*\"");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "broker",
        "node-edge",
        "event-schemas",
        "cluster-config",
        "load-tests",
        "k8s",
        "docs",
        ".ci"
      })
  void areInNoFileBelow(String directory) throws IOException {
    assertThat(found(TOP.resolve(directory))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "CONTRIBUTING.md", "SECURITY.md", "claviger", "pom.xml"})
  void areNotIn(String file) throws IOException {
    assertThat(found(TOP.resolve(file))).isEmpty();
  }

  @Test
  void areFoundWithinNamesButNotWithinOtherWords() {
    assertThat(words("new OwnerDesk(heldSessions)", true)).containsExactly("desk", "held");
    assertThat(words("// A session that is held. setBackupCount(1)", false)).isEmpty();
    assertThat(words("owner-patience: 1s # turned away", false))
        .containsExactly("patience", "turned away");
  }

  private static List<String> found(Path start) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(start)) {
      for (Path file : files.filter(WordsTest::isOurs).toList()) {
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
          String place = TOP.relativize(file) + ":" + (i + 1) + " ";
          words(lines.get(i), isCode(file, lines.get(i))).forEach(word -> found.add(place + word));
        }
      }
    }
    return found;
  }

  private static boolean isOurs(Path file) {
    String name = file.toString();
    return Files.isRegularFile(file)
        && !name.contains("/target/")
        && !name.contains("/resources/admission/")
        && !name.contains("FuzzTestInputs/")
        && !name.endsWith("WordsTest.java")
        && name.matches(".*\\.(java|md|ya?ml|json|jsonl|properties|sh|xml)|.*/[a-z-]+");
  }

  private static boolean isCode(Path file, String line) {
    return file.toString().endsWith(".java") && !line.strip().matches("(\\*|//|/\\*).*");
  }

  private static List<String> words(String line, boolean code) {
    List<String> words = new ArrayList<>();
    Matcher names = NAME.matcher(line);
    while (names.find()) {
      Matcher parts = PART.matcher(names.group());
      while (parts.find()) {
        String word = parts.group().toLowerCase(Locale.ROOT);
        if (NOWHERE.contains(word)) {
          words.add(word);
        }
      }
    }
    if (code) {
      names = NAME.matcher(TEXT.matcher(line).replaceAll("\"\""));
      while (names.find()) {
        Matcher parts = PART.matcher(names.group());
        while (parts.find()) {
          String word = parts.group().toLowerCase(Locale.ROOT);
          if (NO_NAME.contains(word)) {
            words.add(word);
          }
        }
      }
    }
    Matcher phrases = PHRASE.matcher(line);
    while (phrases.find()) {
      words.add(phrases.group());
    }
    return words;
  }
}
