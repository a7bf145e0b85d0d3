package io.claviger.broker.cli;

import picocli.CommandLine.Command;

/** {@code iam}: prints the IAM policies that a mesh needs. It does not call IAM. */
@Command(
    name = "iam",
    description = "Prints IAM policies: the trust of the pods' roles, the permissions of brokers.",
    mixinStandardHelpOptions = true,
    subcommands = {TrustPolicyCommand.class, BrokerPolicyCommand.class})
public final class IamCommand {}
