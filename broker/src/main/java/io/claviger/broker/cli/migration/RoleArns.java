package io.claviger.broker.cli.migration;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** ARNs of IAM roles. */
final class RoleArns {

  private static final Pattern ARN =
      Pattern.compile("arn:aws[a-z-]*:iam::(\\d{12}):role/([\\x21-\\x7e]*/)?[\\w+=,.@-]{1,64}");

  private RoleArns() {}

  /** Returns the account of a role ARN; empty if the text is not a role ARN. */
  static Optional<String> account(String arn) {
    Matcher matcher = ARN.matcher(arn);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
