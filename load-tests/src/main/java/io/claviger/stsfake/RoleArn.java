package io.claviger.stsfake;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ARN of an IAM role.
 *
 * @param partition {@code aws}, {@code aws-cn}, {@code aws-us-gov}
 * @param account 12 digits
 * @param path from slash to slash; {@code /} for none
 * @param name the role's name
 */
record RoleArn(String partition, String account, String path, String name) {

  private static final Pattern FORM =
      Pattern.compile("arn:(aws[a-z-]*):iam::(\\d{12}):role(/(?:[!-.0-~]+/)*)([\\w+=,.@-]{1,64})");

  /** The role, or nothing when the text is not a role's ARN. */
  static Optional<RoleArn> parse(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches()
        ? Optional.of(new RoleArn(form.group(1), form.group(2), form.group(3), form.group(4)))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return "arn:" + partition + ":iam::" + account + ":role" + path + name;
  }

  /** The role's own id; the same whenever the stand-in is started. */
  String uniqueId() {
    return UniqueIds.stable("AROA", toString());
  }

  /** The ARN of a session: without the role's path, as STS has it. */
  String sessionArn(String sessionName) {
    return "arn:" + partition + ":sts::" + account + ":assumed-role/" + name + "/" + sessionName;
  }
}
