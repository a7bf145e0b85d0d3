package io.claviger.broker.cli;

import picocli.CommandLine.Command;

/** {@code associations}: what an operator does with associations from the command line. */
@Command(
    name = "associations",
    description = "Pod identity associations, by the brokers' EKS API.",
    mixinStandardHelpOptions = true,
    subcommands = {ListCommand.class, ApplyCommand.class, ExportCommand.class},
    footer = {
      "",
      "One association at a time is for the AWS CLI: aws eks create-pod-identity-association and so on,",
      "with the same --endpoint-url. Requests are signed with the credentials that the AWS SDK's",
      "default chain finds: those of an access key that the brokers know."
    })
public final class AssociationsCommand {}
