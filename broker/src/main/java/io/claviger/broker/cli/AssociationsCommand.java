package io.claviger.broker.cli;

import picocli.CommandLine.Command;

/** {@code associations}: what an operator does with associations from the command line. */
@Command(
    name = "associations",
    description = "Pod identity associations, by the brokers' EKS API.",
    mixinStandardHelpOptions = true,
    subcommands = {
      CreateCommand.class,
      ListCommand.class,
      DescribeCommand.class,
      UpdateCommand.class,
      DeleteCommand.class,
      ApplyCommand.class,
      ExportCommand.class
    },
    footer = {
      "",
      "Options are named as in aws eks. Requests are signed with the credentials that the AWS SDK's",
      "default chain finds: those of an access key that the brokers know."
    })
public final class AssociationsCommand {}
