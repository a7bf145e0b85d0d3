package io.claviger.broker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class IamCommandTest {

  private static final String WHOM =
      " --cluster-arn arn:aws:eks:eu-central-1:123456789012:cluster/prod --namespace shop"
          + " --service-account cart";
  private static final String BROKER = " --broker-role-arn arn:aws:iam::123456789012:role/claviger";

  private record Ran(int code, String out, String err) {}

  private static Ran run(String line) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(new IamCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(line.split(" ", -1));
    return new Ran(code, out.toString(), err.toString());
  }

  @Test
  void trustPolicyTrustsTheBrokersForOneServiceAccount() {
    assertThat(run("trust-policy" + BROKER + WHOM))
        .isEqualTo(
            new Ran(
                0,
                """
                {
                  "Version": "2012-10-17",
                  "Statement": [ {
                    "Sid": "ClavigerPods",
                    "Effect": "Allow",
                    "Principal": {
                      "AWS": "arn:aws:iam::123456789012:role/claviger"
                    },
                    "Action": [ "sts:AssumeRole", "sts:TagSession" ],
                    "Condition": {
                      "StringEquals": {
                        "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-central-1:123456789012:cluster/prod",
                        "aws:RequestTag/kubernetes-namespace": "shop",
                        "aws:RequestTag/kubernetes-service-account": "cart"
                      }
                    }
                  } ]
                }
                """,
                ""));
  }

  @Test
  void trustPolicyKeepsEksWhileMigrating() {
    assertThat(run("trust-policy --keep-eks" + BROKER + WHOM).out())
        .contains("\"Service\": \"pods.eks.amazonaws.com\"", "\"Sid\": \"ClavigerPods\"");
    assertThat(run("trust-policy" + BROKER + WHOM).out()).doesNotContain("pods.eks");
  }

  @Test
  void trustPolicyGoesByTheExternalIdWhereSessionsHaveNoTags() {
    assertThat(run("trust-policy --disable-session-tags" + BROKER + WHOM).out())
        .contains("\"sts:ExternalId\": \"eu-central-1/123456789012/prod/shop/cart\"")
        .doesNotContain("TagSession", "RequestTag");
  }

  @Test
  void trustPolicyOfATargetRoleTrustsTheSourceRole() {
    assertThat(
            run("trust-policy --source-role-arn arn:aws:iam::123456789012:role/pods/cart" + WHOM)
                .out())
        .contains(
            "\"AWS\": \"arn:aws:iam::123456789012:role/pods/cart\"",
            "\"sts:ExternalId\": \"eu-central-1/123456789012/prod/shop/cart\"",
            "sts:TagSession");
  }

  @Test
  void brokerPolicyBoundsWhatAStolenBrokerCanDo() {
    assertThat(run("broker-policy").out())
        .contains("\"Resource\": \"arn:aws:iam::*:role/pods/*\"", "sts:AssumeRole");
    assertThat(
            run("broker-policy --role-path /a/b/ --account 123456789012 --partition aws-cn").out())
        .contains("\"Resource\": \"arn:aws-cn:iam::123456789012:role/a/b/*\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "trust-policy" + WHOM,
        "trust-policy --source-role-arn a" + BROKER + WHOM,
        "trust-policy --source-role-arn a --keep-eks" + WHOM,
        "trust-policy --cluster-arn prod --namespace a --service-account b" + BROKER,
        "broker-policy --role-path /",
        "broker-policy --role-path *",
        "broker-policy --account 12"
      })
  void badUsageIsSaid(String line) {
    Ran ran = run(line);

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("Usage: ");
  }
}
