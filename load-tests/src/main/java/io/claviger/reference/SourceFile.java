package io.claviger.reference;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import io.claviger.localmesh.MeshException;
import io.claviger.reference.Declared.Form;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Reads the declarations of a source file with the parser of the JDK's own compiler. */
final class SourceFile {

  private final DocTrees trees;

  private SourceFile(DocTrees trees) {
    this.trees = trees;
  }

  /**
   * The type that a file declares.
   *
   * @throws MeshException when it cannot be parsed
   */
  static Declared read(Path file) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new MeshException("this Java runtime has no compiler: use a JDK");
    }
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, List.of("-proc:none"), null, files.getJavaFileObjects(file));
      CompilationUnitTree unit = task.parse().iterator().next();
      TreePath top = new TreePath(new TreePath(unit), unit.getTypeDecls().getFirst());
      return new SourceFile(DocTrees.instance(task))
          .declared(top, "")
          .orElseThrow(() -> new MeshException("no type is declared in " + file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<Declared> declared(TreePath path, String owner) {
    String doc = JavadocText.of(trees.getDocCommentTree(path));
    return switch (path.getLeaf()) {
      case ClassTree type -> Optional.of(type(path, type, doc));
      case MethodTree method when method.getReturnType() != null ->
          Optional.of(
              new Declared(
                  Form.METHOD,
                  method.getName().toString(),
                  method.getReturnType().toString(),
                  doc,
                  withDefault(method),
                  List.of()));
      case VariableTree field when field.getType() != null ->
          Optional.of(field(field, field.getType().toString(), owner, doc));
      default -> Optional.empty();
    };
  }

  private Declared type(TreePath path, ClassTree type, String doc) {
    String name = type.getSimpleName().toString();
    List<Declared> members =
        type.getMembers().stream()
            .flatMap(member -> declared(new TreePath(path, member), name).stream())
            .toList();
    return new Declared(Form.TYPE, name, name, doc, Optional.empty(), members);
  }

  private static Declared field(VariableTree field, String type, String owner, String doc) {
    // An enum's constant is a field of the enum's own type.
    Form form = type.equals(owner) ? Form.ENUM_CONSTANT : Form.FIELD;
    return new Declared(
        form,
        field.getName().toString(),
        type,
        doc,
        literal(field.getInitializer()).findFirst(),
        List.of());
  }

  private static Optional<String> withDefault(MethodTree method) {
    return method.getModifiers().getAnnotations().stream()
        .filter(annotation -> annotation.getAnnotationType().toString().equals("WithDefault"))
        .<ExpressionTree>flatMap(annotation -> annotation.getArguments().stream())
        .map(
            argument -> argument instanceof AssignmentTree named ? named.getExpression() : argument)
        .flatMap(SourceFile::literal)
        .findFirst();
  }

  private static Stream<String> literal(@Nullable ExpressionTree expression) {
    return expression instanceof LiteralTree literal
            && literal.getKind() == Tree.Kind.STRING_LITERAL
        ? Stream.of(literal.getValue().toString())
        : Stream.empty();
  }
}
