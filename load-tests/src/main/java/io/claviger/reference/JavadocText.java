package io.claviger.reference;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.StartElementTree;
import com.sun.source.doctree.TextTree;
import io.claviger.localmesh.MeshException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A javadoc comment as one line of Markdown. */
final class JavadocText {

  private JavadocText() {}

  /**
   * The text without block tags; {@code {@link X}} stays unchanged.
   *
   * @throws MeshException when the comment has something that a table cannot have
   */
  static String of(@Nullable DocCommentTree comment) {
    return comment == null
        ? ""
        : comment.getFullBody().stream()
            .map(JavadocText::markdown)
            .collect(Collectors.joining())
            .strip()
            .replaceAll("\\s+", " ");
  }

  private static String markdown(DocTree tree) {
    return switch (tree) {
      case TextTree text -> text.getBody().replace("|", "\\|");
      case LiteralTree code -> "`" + code.getBody().getBody().strip() + "`";
      case LinkTree link -> "{@link " + link.getReference().getSignature() + "}";
      case StartElementTree element when element.getName().contentEquals("p") -> " ";
      default -> throw new MeshException("use plain text, {@code} and {@link} only, not: " + tree);
    };
  }
}
