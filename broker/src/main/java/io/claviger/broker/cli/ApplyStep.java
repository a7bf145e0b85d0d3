package io.claviger.broker.cli;

import io.claviger.schemas.association.AssociationSpec;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.eks.model.PodIdentityAssociationSummary;

/** What has to be done for one association. */
sealed interface ApplyStep {

  /** As kubectl would call the association. */
  String name();

  /** What would be done, for a person; empty when that is nothing. */
  String preview();

  /** There is none yet. */
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

  /** It is as declared. */
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

  /** It is another way. */
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

  /** It is not declared. */
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
