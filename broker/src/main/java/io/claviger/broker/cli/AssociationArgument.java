package io.claviger.broker.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.eks.model.PodIdentityAssociationSummary;
import software.amazon.awssdk.services.eks.model.ResourceNotFoundException;

/** Which association is meant: by its id, or by the service account it is about. */
final class AssociationArgument {

  @Parameters(
      arity = "0..1",
      paramLabel = "ASSOCIATION",
      description = "An association's id, or NAMESPACE/SERVICEACCOUNT.")
  private @Nullable String association;

  @Option(names = "--association-id", paramLabel = "ID", description = "An association's id.")
  private @Nullable String id;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  /** Checks that one is named. */
  void check() {
    if ((association == null) == (id == null)) {
      throw new ParameterException(
          command.commandLine(),
          "name one association: its id, or NAMESPACE/SERVICEACCOUNT of its service account");
    }
    if (association != null && association.contains("/") && names().size() != 2) {
      throw new ParameterException(
          command.commandLine(), "not NAMESPACE/SERVICEACCOUNT: " + association);
    }
  }

  /**
   * The id, looked up if the service account is named.
   *
   * @throws ResourceNotFoundException when the service account has no association
   */
  String id(AssociationsApi api) {
    if (association == null || !association.contains("/")) {
      return association == null ? String.valueOf(id) : association;
    }
    return api.list(names().get(0), names().get(1)).stream()
        .map(PodIdentityAssociationSummary::associationId)
        .findFirst()
        .orElseThrow(
            () ->
                ResourceNotFoundException.builder()
                    .message("no association of " + association)
                    .build());
  }

  private List<String> names() {
    return association == null ? List.of() : List.of(association.split("/", -1));
  }
}
