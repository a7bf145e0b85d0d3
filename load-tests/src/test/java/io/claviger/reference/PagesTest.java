package io.claviger.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.IdGenerator;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.CustomNode;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The pages can be read once: sentences are short and name their actor, links lead somewhere. A
 * paragraph below {@code <!-- prose: keep -->} is left alone, as one that quotes is.
 */
final class PagesTest {

  private static final Path TOP = Path.of("..").toAbsolutePath().normalize();
  private static final int MAX_WORDS = 30;
  private static final String KEEP = "prose: keep";

  /** Sentences with these have no actor, or hide it. */
  private static final Pattern PHRASES =
      Pattern.compile(
          "\\b(nobody|somebody|everybody|whoever|who asks|(is|are|was|were|be|been|being) told)\\b",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern SENTENCE_END =
      Pattern.compile("(?<=[.!?])[)\"'*_]*\\s+(?=[^a-z])|\\n");
  private static final Pattern KINDS =
      Pattern.compile("(?m)^\\*(Tutorial|How-to|Reference|Explanation) · for [^*]+\\*$");

  /** Not of a kind: the index, and decisions, which have a form of their own. */
  private static final Set<String> WITHOUT_KIND = Set.of("docs/README.md");

  private static final Parser PARSER =
      Parser.builder()
          .extensions(List.of(TablesExtension.create()))
          .includeSourceSpans(IncludeSourceSpans.BLOCKS)
          .build();

  static List<Path> pages() throws IOException {
    try (Stream<Path> top = Files.list(TOP);
        Stream<Path> below =
            Stream.concat(Files.walk(TOP.resolve("docs")), Files.walk(TOP.resolve("k8s")))) {
      return Stream.concat(top, below).filter(file -> file.toString().endsWith(".md")).toList();
    }
  }

  static List<Path> docs() throws IOException {
    try (Stream<Path> docs = Files.list(TOP.resolve("docs"))) {
      return docs.filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !WITHOUT_KIND.contains(TOP.relativize(file).toString()))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void sentencesAreShortAndNameTheirActor(Path page) throws IOException {
    assertThat(complaints(TOP.relativize(page).toString(), Files.readString(page))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void linksLeadToFilesAndHeadingsThatExist(Path page) throws IOException {
    List<String> dead = new ArrayList<>();
    parse(Files.readString(page))
        .accept(
            new AbstractVisitor() {
              @Override
              public void visit(Link link) {
                if (!resolves(page, link.getDestination())) {
                  dead.add(link.getDestination());
                }
              }
            });
    assertThat(dead).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("docs")
  void aPageSaysOfWhichKindItIsAndForWhom(Path page) throws IOException {
    assertThat(KINDS.matcher(Files.readString(page)).results()).hasSize(1);
  }

  @Test
  void theIndexNamesEveryPage() throws IOException {
    String index = Files.readString(TOP.resolve("docs/README.md"));

    assertThat(docs()).allSatisfy(page -> assertThat(index).contains("(" + page.getFileName()));
  }

  @Test
  void aLongSentenceIsFoundAndOneThatIsKeptIsNot() {
    String many = "One " + "word ".repeat(MAX_WORDS - 1) + "`code with spaces`.";

    assertThat(complaints("page", "Short. " + many)).containsExactly("page:1 31 words: One word");
    assertThat(complaints("page", "<!-- prose: keep -->\n" + many)).isEmpty();
    assertThat(complaints("page", "* a\n* The edge is told.\n")).containsExactly("page:2 is told");
    assertThat(complaints("page", "| a | b |\n|---|---|\n| c | nobody |\n")).hasSize(1);
  }

  private static Node parse(String text) {
    return PARSER.parse(text);
  }

  private static List<String> complaints(String page, String text) {
    List<String> complaints = new ArrayList<>();
    parse(text)
        .accept(
            new AbstractVisitor() {
              @Override
              public void visit(Paragraph paragraph) {
                if (!(paragraph.getPrevious() instanceof HtmlBlock html
                    && html.getLiteral().contains(KEEP))) {
                  check(paragraph);
                }
              }

              @Override
              public void visit(CustomNode node) {
                if (node instanceof TableCell) {
                  check(node);
                } else {
                  visitChildren(node);
                }
              }

              private void check(Node block) {
                String where = page + ":" + line(block) + " ";
                for (String sentence : SENTENCE_END.split(plain(block))) {
                  String[] words = sentence.strip().split("\\s+");
                  if (words.length > MAX_WORDS) {
                    complaints.add(where + words.length + " words: " + words[0] + " " + words[1]);
                  }
                }
                PHRASES
                    .matcher(plain(block))
                    .results()
                    .forEach(it -> complaints.add(where + it.group()));
              }
            });
    return complaints;
  }

  private static int line(Node block) {
    Node at = block;
    while (at.getSourceSpans().isEmpty() && at.getParent() != null) {
      at = at.getParent();
    }
    return at.getSourceSpans().isEmpty() ? 0 : at.getSourceSpans().getFirst().getLineIndex() + 1;
  }

  /** Its words; code is one. */
  private static String plain(Node block) {
    StringBuilder text = new StringBuilder();
    block.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Text node) {
            text.append(node.getLiteral());
          }

          @Override
          public void visit(Code code) {
            text.append("CODE");
          }

          @Override
          public void visit(SoftLineBreak end) {
            text.append(' ');
          }

          @Override
          public void visit(HtmlInline lineBreak) {
            text.append('\n');
          }
        });
    return text.toString();
  }

  private static boolean resolves(Path page, String destination) {
    if (destination.matches("[a-z]+:.*")) {
      return true;
    }
    int hash = destination.indexOf('#');
    String path = hash < 0 ? destination : destination.substring(0, hash);
    Path file = path.isEmpty() ? page : page.resolveSibling(path).normalize();
    if (hash < 0 || !file.toString().endsWith(".md")) {
      return Files.exists(file);
    }
    return Files.exists(file) && anchors(file).contains(destination.substring(hash + 1));
  }

  private static Set<String> anchors(Path page) {
    IdGenerator ids = IdGenerator.builder().build();
    List<Heading> headings = new ArrayList<>();
    try {
      parse(Files.readString(page))
          .accept(
              new AbstractVisitor() {
                @Override
                public void visit(Heading heading) {
                  headings.add(heading);
                }
              });
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return headings.stream()
        .map(heading -> ids.generateId(heading(heading).toLowerCase(Locale.ROOT)))
        .collect(Collectors.toSet());
  }

  private static String heading(Heading heading) {
    StringBuilder text = new StringBuilder();
    heading.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Text node) {
            text.append(node.getLiteral());
          }

          @Override
          public void visit(Code code) {
            text.append(code.getLiteral());
          }
        });
    return text.toString();
  }
}
