package io.claviger.stsfake;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of AssumeRole, valid for themselves; whether the caller may is another matter.
 *
 * @param role the role
 * @param roleArn as it was asked for
 * @param sessionName 2 to 64 characters
 * @param durationSeconds 900 to 43,200; an hour when the call does not say
 * @param externalId what the role's trust policy may ask for
 * @param policy a session policy, JSON of at most 2,048 characters
 * @param policyArns managed session policies, at most 10
 * @param tags the session's tags
 */
record AssumeRoleRequest(
    RoleArn role,
    String roleArn,
    String sessionName,
    int durationSeconds,
    @Nullable String externalId,
    @Nullable String policy,
    List<String> policyArns,
    RequestTags tags) {

  private static final int DEFAULT_SECONDS = 3_600;
  private static final Pattern SESSION_NAME = Pattern.compile("[\\w+=,.@-]*");
  private static final Pattern EXTERNAL_ID = Pattern.compile("[\\w+=,.@:\\/-]*");

  static AssumeRoleRequest read(QueryForm form) {
    Constraints constraints = new Constraints();
    String roleArn = constraints.required(form.get("RoleArn"), "roleArn");
    String sessionName = constraints.required(form.get("RoleSessionName"), "roleSessionName");
    String externalId = form.get("ExternalId");
    String policy = form.get("Policy");
    List<String> policyArns =
        form.structures("PolicyArns", "arn").stream()
            .map(m -> String.valueOf(m.get("arn")))
            .toList();
    constraints.length(form.get("RoleArn"), "roleArn", 20, 2048);
    constraints.length(form.get("RoleSessionName"), "roleSessionName", 2, 64);
    constraints.pattern(sessionName, "roleSessionName", SESSION_NAME);
    constraints.length(externalId, "externalId", 2, 1224);
    constraints.pattern(externalId, "externalId", EXTERNAL_ID);
    constraints.length(policy, "policy", 1, 2048);
    constraints.count(policyArns.size(), "policyArns", 10);
    int duration = duration(form.get("DurationSeconds"), constraints);
    RequestTags tags = RequestTags.read(form, constraints);
    constraints.check();
    checkPolicy(policy);
    RoleArn role =
        RoleArn.parse(roleArn)
            .orElseThrow(() -> new StsRefusal(QueryError.validation(roleArn + " is invalid")));
    return new AssumeRoleRequest(
        role, roleArn, sessionName, duration, externalId, policy, policyArns, tags);
  }

  private static int duration(@Nullable String text, Constraints constraints) {
    if (text == null) {
      return DEFAULT_SECONDS;
    }
    try {
      int seconds = Integer.parseInt(text);
      constraints.range(seconds, "durationSeconds", 900, 43_200);
      return seconds;
    } catch (NumberFormatException e) {
      throw new StsRefusal(
          new QueryError("MalformedInput", 400, "DurationSeconds is not a number"));
    }
  }

  private static void checkPolicy(@Nullable String policy) {
    if (policy == null) {
      return;
    }
    try {
      if (new JsonObject(policy).containsKey("Statement")) {
        return;
      }
    } catch (DecodeException e) {
      // Said below, as for a document without statements.
    }
    throw new StsRefusal(
        new QueryError("MalformedPolicyDocument", 400, "Syntax errors in policy."));
  }
}
