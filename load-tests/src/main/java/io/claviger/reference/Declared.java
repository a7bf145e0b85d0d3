package io.claviger.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A declaration in a source file.
 *
 * @param form its form
 * @param name its simple name
 * @param type of a field or of a method's result; a type's own name
 * @param doc its javadoc without block tags, as Markdown on one line with its links unchanged;
 *     empty when there is none
 * @param value of a constant that is a literal, or of a method's {@code @WithDefault}
 * @param members of a type, in the order of the file
 */
record Declared(
    Form form,
    String name,
    String type,
    String doc,
    Optional<String> value,
    List<Declared> members) {

  /** The forms of declarations that matter here. */
  enum Form {
    TYPE,
    METHOD,
    FIELD,
    ENUM_CONSTANT
  }

  Declared {
    members = List.copyOf(members);
  }

  List<Declared> members(Form wanted) {
    return members.stream().filter(member -> member.form() == wanted).toList();
  }

  /** This type with other files' types, and their members, as its own. */
  Declared with(List<Declared> others) {
    List<Declared> all = new ArrayList<>(members);
    for (Declared other : others) {
      all.add(other);
      all.addAll(other.members(Form.TYPE));
    }
    return new Declared(form, name, type, doc, value, all);
  }

  /** A type that is declared in this one. */
  Optional<Declared> nested(String simpleName) {
    return members(Form.TYPE).stream().filter(type -> type.name().equals(simpleName)).findFirst();
  }
}
