package io.claviger.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every actor of docs/threat-model.md has attacks in docs/attacks.md, or a reason for none. */
final class AttacksTest {

  private static final Path DOCS = Path.of("..").toAbsolutePath().normalize().resolve("docs");

  /** The first column of the first table of docs/threat-model.md. */
  private static final Pattern ROW = Pattern.compile("(?m)^\\| ([^|]+) \\|");

  /** An actor without an attack, and the reason. */
  private static final Pattern NOT_TRIED = Pattern.compile("(?m)^\\* \\*\\*([^*]+)\\*\\*: \\S.+");

  /** The row of an attack in docs/attacks.md. */
  private static final Pattern NAME = Pattern.compile("(?m)^\\| `([a-z0-9-]+)` \\|");

  private final String model = Files.readString(DOCS.resolve("threat-model.md"));
  private final String page = Files.readString(DOCS.resolve("attacks.md"));

  AttacksTest() throws IOException {}

  private List<String> rows() {
    String table = model.substring(0, model.indexOf("\n\nRules that hold everywhere"));
    return ROW.matcher(table).results().map(row -> row.group(1)).skip(1).toList();
  }

  private Set<String> notTried() {
    String section =
        page.substring(page.indexOf("## Not tried"), page.indexOf("\n## Fuzzed parsers"));
    return new HashSet<>(
        NOT_TRIED.matcher(section).results().map(reason -> reason.group(1)).toList());
  }

  private static Set<String> tried() {
    return new HashSet<>(Attacks.all().stream().map(Attack::who).toList());
  }

  @Test
  void everyRowIsTriedOrSaidNotToBe() {
    assertThat(rows()).hasSizeGreaterThan(15);
    List<String> covered = new ArrayList<>(tried());
    covered.addAll(notTried());

    assertThat(covered).containsExactlyInAnyOrderElementsOf(rows());
  }

  @Test
  void everyAttackIsListedAsItIs() {
    assertThat(Attacks.all())
        .allSatisfy(
            attack ->
                assertThat(page)
                    .contains(
                        "| `%s` | %s | %s |"
                            .formatted(attack.name(), attack.who(), attack.what())));
  }

  @Test
  void noOthersAreListed() {
    String section =
        page.substring(page.indexOf("## Attacks by name"), page.indexOf("## Not tried"));

    assertThat(NAME.matcher(section).results().map(row -> row.group(1)))
        .containsExactlyElementsOf(Attacks.all().stream().map(Attack::name).toList());
  }

  @Test
  void namesAreUnique() {
    assertThat(Attacks.all()).extracting(Attack::name).doesNotHaveDuplicates();
    assertThat(Attacks.all())
        .allSatisfy(attack -> assertThat(Attacks.named(attack.name())).contains(attack));
  }
}
