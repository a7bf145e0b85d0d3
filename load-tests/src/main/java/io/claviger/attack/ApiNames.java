package io.claviger.attack;

import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.LocalMesh;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Arbitrary texts as names, bodies and page tokens. */
final class ApiNames {

  private static final String INVALID = "InvalidParameterException";
  private static final int BAD = 400;
  private static final int OK = 200;
  private static final String INJECTED = "INJECTED-BY-AN-ATTACK";
  private static final int AT_ONCE = 4;

  /** None of these is a valid name in Kubernetes. */
  private static final List<String> TEXTS =
      List.of(
          "'; DROP TABLE associations; --",
          "x' OR '1'='1",
          "\" OR \"\"=\"",
          "{\"$gt\":\"\"}",
          "$(reboot)",
          "`reboot`",
          "${jndi:ldap://127.0.0.1:1/x}",
          "#{7*7}",
          "{{7*7}}",
          "%s%n%x",
          "<script>alert(1)</script>",
          "a\n" + INJECTED,
          "a\r\n" + INJECTED + ": x",
          "a\u2028" + INJECTED,
          "a\u0000b",
          "a\u001b[31mred",
          "\u202egnp.exe",
          "\uff41\uff42",
          "\ud83e\udd86",
          "../../etc/passwd",
          "..%2f..%2fetc",
          "a/b",
          "a:b",
          "a b",
          "A",
          "-a",
          "a-",
          "*",
          "x".repeat(300));

  private ApiNames() {}

  static void names(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    ApiCaller admin = ApiCaller.admin(mesh, mesh.broker(1));
    String path = admin.path("/pod-identity-associations");
    Together.each(
        TEXTS,
        AT_ONCE,
        tally,
        text -> {
          for (String field : List.of("namespace", "serviceAccount", "roleArn")) {
            tally.refuses(
                field + " " + shown(text),
                admin.call(ApiRequest.post(path, right().put(field, text).encode())),
                reply -> reply.is(BAD, INVALID) && isUnsplit(reply));
          }
          tally.refuses(
              "a list of the namespace " + shown(text),
              admin.call(ApiRequest.get(path + "?namespace=" + ApiCaller.encoded(text))),
              reply -> isUnsplit(reply) && (reply.is(BAD, INVALID) || isEmptyList(reply)));
          tally.refuses(
              "a cluster " + shown(text),
              admin.call(ApiRequest.get("/clusters/" + ApiCaller.encoded(text) + "/revocations")),
              reply ->
                  isUnsplit(reply)
                      && (reply.is(BAD, INVALID)
                          || reply.is(404, "ResourceNotFoundException")
                          || reply.is(404, "UnknownOperationException")));
        });
    tokensAndTags(tally, admin, path);
    bodies(tally, admin, path);
    tally.permits(
        "valid names",
        admin.create("attack-names", "app", ApiCaller.role("app")),
        reply -> reply.is(OK) || reply.is(409, "ResourceInUseException"));
    for (BrokerMember broker : mesh.brokers()) {
      tally.refuses(
          "a line of its own in the log of " + broker.member().name(),
          broker.member().output().lines().filter(line -> line.startsWith(INJECTED)).count(),
          lines -> lines == 0);
    }
  }

  private static JsonObject right() {
    return new JsonObject()
        .put("namespace", "attack-names")
        .put("serviceAccount", "never")
        .put("roleArn", ApiCaller.role("never"));
  }

  private static void tokensAndTags(Tally tally, ApiCaller admin, String path) {
    TEXTS.stream()
        .filter(text -> !text.matches("[\\x21-\\x7e]{1,128}"))
        .forEach(
            text ->
                tally.refuses(
                    "clientRequestToken " + shown(text),
                    admin.call(
                        ApiRequest.post(path, right().put("clientRequestToken", text).encode())),
                    reply -> reply.is(BAD, INVALID)));
    Stream.of("a\nb", "a\u0000b", "\u202ea", "a\u2028b", "aws:x", "AWS:x", "", "x".repeat(129))
        .forEach(
            key ->
                tally.refuses(
                    "a tag " + shown(key),
                    admin.call(
                        ApiRequest.post(
                            path, right().put("tags", new JsonObject().put(key, "x")).encode())),
                    reply -> reply.is(BAD, INVALID)));
    Stream.of("a\nb", "a\u0000b", "\u202ea", "x".repeat(257))
        .forEach(
            value ->
                tally.refuses(
                    "a tag's value " + shown(value),
                    admin.call(
                        ApiRequest.post(
                            path, right().put("tags", new JsonObject().put("x", value)).encode())),
                    reply -> reply.is(BAD, INVALID)));
  }

  private static void bodies(Tally tally, ApiCaller admin, String path) {
    for (String body :
        List.of(
            "",
            " ",
            "{",
            "[]",
            "null",
            "true",
            "7",
            "\"x\"",
            "{}",
            "{\"namespace\":7}",
            "{\"namespace\":{\"$ne\":\"\"},\"serviceAccount\":\"x\",\"roleArn\":\"x\"}",
            right().put("namespace", (String) null).encode(),
            right().put("admin", true).encode(),
            right().put("tags", "x").encode(),
            right().put("disableSessionTags", "yes").encode(),
            right().put("policy", "not JSON").put("disableSessionTags", true).encode(),
            right().encode() + right().encode(),
            "{\"a\":" + "[".repeat(20_000),
            "namespace=x&serviceAccount=y")) {
      tally.refuses(
          "a body of " + body.length() + " characters that is no valid association",
          admin.call(ApiRequest.post(path, body)),
          reply -> reply.is(BAD, INVALID));
    }
  }

  static void pages(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    LimitedKeys keys = LimitedKeys.register(mesh);
    ApiCaller own = keys.caller(LimitedKeys.OWN, mesh.broker(1));
    for (int i = 0; i < 3; i++) {
      own.associate(LimitedKeys.NAMESPACE, "own-page-" + i);
    }
    String first = own.path("/pod-identity-associations?maxResults=1");
    String token = own.call(ApiRequest.get(first)).json().getString("nextToken", "none");
    String rest = first + "&nextToken=";
    Map<String, String> altered = new LinkedHashMap<>();
    altered.put("the first letter", (token.startsWith("A") ? "B" : "A") + token.substring(1));
    altered.put("one in the middle", flipped(token));
    altered.put("its end", token.substring(0, token.length() - 4));
    altered.put("a suffix", token + "AAAA");
    altered.put("its first half", token.substring(0, token.length() / 2));
    altered.put("twice itself", token + token);
    altered.put("nothing", "");
    altered.put("four letters", "AAAA");
    altered.put("invalid base64", "%21%21%21");
    altered.put("a cursor in plain text", "WyJhIiwiYiJd");
    altered.put("2049 characters", "A".repeat(2_049));
    altered.forEach(
        (name, text) ->
            tally.refuses(
                "a page token with " + name,
                own.call(ApiRequest.get(rest + text)),
                reply -> reply.is(BAD, INVALID)));
    tally.refuses(
        "another's page token",
        keys.caller(LimitedKeys.READER, mesh.broker(1)).call(ApiRequest.get(rest + token)),
        reply -> reply.is(BAD, INVALID));
    tally.refuses(
        "the operator with another's page token",
        ApiCaller.admin(mesh, mesh.broker(1)).call(ApiRequest.get(rest + token)),
        reply -> reply.is(BAD, INVALID));
    tally.refuses(
        "a page token of another filter",
        own.call(ApiRequest.get(rest + token + "&namespace=" + LimitedKeys.NAMESPACE)),
        reply -> reply.is(BAD, INVALID));
    tally.refuses(
        "a page token of another operation",
        own.call(ApiRequest.get("/clusters?nextToken=" + token)),
        reply -> reply.is(BAD, INVALID));
    for (BrokerMember broker : mesh.brokers()) {
      tally.permits(
          "a page token at " + broker.member().name(),
          keys.caller(LimitedKeys.OWN, broker).call(ApiRequest.get(rest + token)),
          reply -> reply.is(OK));
    }
  }

  private static String flipped(String token) {
    int middle = token.length() / 2;
    char other = token.charAt(middle) == 'A' ? 'B' : 'A';
    return token.substring(0, middle) + other + token.substring(middle + 1);
  }

  private static boolean isEmptyList(HttpReply reply) {
    return reply.is(OK) && reply.json().getJsonArray("associations").isEmpty();
  }

  /** Whether no text has become a header of the answer. */
  private static boolean isUnsplit(HttpReply reply) {
    return reply.header(INJECTED.toLowerCase(Locale.ROOT)).isEmpty();
  }

  /** Shortens a text for one printed line. */
  private static String shown(String text) {
    return "'" + text.substring(0, Math.min(40, text.length())).replaceAll("\\p{C}", "?") + "'";
  }
}
