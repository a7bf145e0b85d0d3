package io.claviger.broker.cli;

import picocli.CommandLine.Command;

/** {@code associations}: lists, applies and exports associations. */
@Command(
    name = "associations",
    description = "Lists, applies and exports pod identity associations, by the brokers' EKS API.",
    mixinStandardHelpOptions = true,
    subcommands = {ListCommand.class, ApplyCommand.class, ExportCommand.class},
    footer = {
      "",
      "For a single association, use the AWS CLI with the same --endpoint-url, for example",
      "aws eks create-pod-identity-association. Requests are signed with the credentials that the",
      "AWS SDK's default chain finds. They must be an access key that is registered with the brokers."
    })
public final class AssociationsCommand {}
