package io.claviger.stsfake;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Answers of STS as XML, version 2011-06-15. */
final class StsXml {

  static final String NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

  private StsXml() {}

  static String callerIdentity(Principal caller, String requestId) {
    return answer(
        "GetCallerIdentity",
        element("Arn", caller.arn())
            + element("UserId", caller.userId())
            + element("Account", caller.account()),
        requestId);
  }

  static String assumedRole(
      SigningKey session, Instant expiration, Optional<Integer> packedSize, String requestId) {
    return answer(
        "AssumeRole",
        "<AssumedRoleUser>"
            + element("AssumedRoleId", session.principal().userId())
            + element("Arn", session.principal().arn())
            + "</AssumedRoleUser><Credentials>"
            + element("AccessKeyId", session.accessKeyId())
            + element("SecretAccessKey", session.secretAccessKey())
            + element("SessionToken", String.valueOf(session.sessionToken()))
            + element("Expiration", expiration.truncatedTo(ChronoUnit.SECONDS).toString())
            + "</Credentials>"
            + packedSize.map(percent -> element("PackedPolicySize", "" + percent)).orElse(""),
        requestId);
  }

  static String error(QueryError error, String requestId) {
    return "<ErrorResponse xmlns=\""
        + NAMESPACE
        + "\"><Error>"
        + element("Type", error.type())
        + element("Code", error.code())
        + element("Message", error.message())
        + "</Error>"
        + element("RequestId", requestId)
        + "</ErrorResponse>";
  }

  private static String answer(String action, String result, String requestId) {
    return "<"
        + action
        + "Response xmlns=\""
        + NAMESPACE
        + "\"><"
        + action
        + "Result>"
        + result
        + "</"
        + action
        + "Result><ResponseMetadata>"
        + element("RequestId", requestId)
        + "</ResponseMetadata></"
        + action
        + "Response>";
  }

  private static String element(String name, String text) {
    return "<" + name + ">" + escape(text) + "</" + name + ">";
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
