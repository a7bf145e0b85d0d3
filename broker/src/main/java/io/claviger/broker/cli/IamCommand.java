package io.claviger.broker.cli;

import picocli.CommandLine.Command;

/** {@code iam}: the IAM policies that a mesh needs, to be handed to IAM by other means. */
@Command(
    name = "iam",
    description = "Prints IAM policies: what roles must trust, what brokers may do.",
    mixinStandardHelpOptions = true,
    subcommands = {TrustPolicyCommand.class, BrokerPolicyCommand.class})
public final class IamCommand {}
