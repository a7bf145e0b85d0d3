package io.claviger.broker.cli;

import io.claviger.schemas.association.AssociationSpec;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.eks.model.PodIdentityAssociationSummary;

/** The change that one association needs. */
sealed interface ApplyStep {

  /** The association's name in kubectl's form. */
  String name();

  /** Describes the change for the operator; empty when there is none. */
  String preview();

  /** The association does not exist yet. */
  record Create(AssociationSpec spec) implements ApplyStep {
    @Override
    public String name() {
      return RemoteAssociation.name(spec.namespace(), spec.serviceAccount());
    }

    @Override
    public String preview() {
      List<String> lines =
          SpecChange.fields(spec).entrySet().stream()
              .map(field -> field.getKey() + ": " + field.getValue())
              .toList();
      return indented("+ " + name(), lines);
    }
  }

  /** The association matches its declaration. */
  record Keep(RemoteAssociation old) implements ApplyStep {
    @Override
    public String name() {
      return old.name();
    }

    @Override
    public String preview() {
      return "";
    }
  }

  /** The association differs from its declaration. */
  record Configure(RemoteAssociation old, SpecChange change) implements ApplyStep {
    @Override
    public String name() {
      return old.name();
    }

    @Override
    public String preview() {
      return indented("~ " + name() + " (" + old.id() + ")", change.lines());
    }
  }

  /** The association is not declared. */
  record Prune(String name, String id) implements ApplyStep {
    static Prune of(PodIdentityAssociationSummary old) {
      return new Prune(
          RemoteAssociation.name(old.namespace(), old.serviceAccount()), old.associationId());
    }

    @Override
    public String preview() {
      return "- " + name + " (" + id + ")";
    }
  }

  private static String indented(String head, List<String> lines) {
    return Stream.concat(Stream.of(head), lines.stream().map(line -> "    " + line))
        .collect(Collectors.joining(System.lineSeparator()));
  }
}
