package io.claviger.attack;

import io.claviger.config.lifecycle.HostPort;
import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.LocalMesh;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Requests without a valid signature, and bytes that are no request. */
final class ApiSignatures {

  private static final String INVALID = "InvalidSignatureException";
  private static final String INCOMPLETE = "IncompleteSignatureException";
  private static final String UNRECOGNIZED = "UnrecognizedClientException";
  private static final String TOO_LARGE = "RequestEntityTooLargeException";
  private static final int FORBIDDEN = 403;
  private static final int BODY_BYTES = 64 * 1024;
  private static final int HEADS = 300;
  private static final Duration LATEST = Duration.ofSeconds(10);

  private ApiSignatures() {}

  static void signatures(Target target, Tally tally) {
    LocalMesh mesh = target.mesh();
    ApiCaller admin = ApiCaller.admin(mesh, mesh.broker(1));
    ApiRequest list = ApiRequest.get(admin.path("/pod-identity-associations?maxResults=10"));
    ApiRequest revoke =
        ApiRequest.post(admin.path("/revocations"), "{\"kind\":\"node\",\"name\":\"nowhere\"}");
    refuses(
        tally,
        "unsigned",
        admin.send(list.with("Host: " + admin.api()).bytes()),
        "MissingAuthenticationTokenException");
    for (Map.Entry<String, ApiCaller> other : callers(admin).entrySet()) {
      refuses(tally, other.getKey(), other.getValue().call(list), INVALID);
    }
    refuses(
        tally,
        "a key that is not registered",
        admin.withKey("AKIANOBODY", "x".repeat(40)).call(list),
        UNRECOGNIZED);
    refuses(
        tally,
        "another's secret",
        admin.withKey(mesh.admin().id(), mesh.admin().secret() + "x").call(list),
        INVALID);
    altered(tally, admin, list, revoke);
    incomplete(tally, admin, list);
    tally.permits("a signed list", admin.call(list), reply -> reply.is(200));
    tally.permits(
        "a signed list at the limit of five minutes",
        admin.signing(Duration.ofMinutes(4)).call(list),
        reply -> reply.is(200));
    tally.permits(
        "a signed list of another Region",
        admin.withScope("us-east-1", "eks").call(list),
        reply -> reply.is(200));
  }

  private static Map<String, ApiCaller> callers(ApiCaller admin) {
    Map<String, ApiCaller> callers = new LinkedHashMap<>();
    callers.put("signed six minutes ago", admin.signing(Duration.ofMinutes(6)));
    callers.put("signed a day ago", admin.signing(Duration.ofDays(1)));
    callers.put("signed ten years ago", admin.signing(Duration.ofDays(3_650)));
    callers.put("signed in six minutes", admin.signing(Duration.ofMinutes(-6)));
    callers.put("signed for STS", admin.withScope(admin.region(), "sts"));
    callers.put("signed for EKS Auth", admin.withScope(admin.region(), "eks-auth"));
    callers.put("signed for EKS in capitals", admin.withScope(admin.region(), "EKS"));
    callers.put("signed for no service", admin.withScope(admin.region(), ""));
    callers.put("signed for no Region", admin.withScope("", "eks"));
    return callers;
  }

  /** Changes that a man in the middle can make to a request. */
  private static void altered(Tally tally, ApiCaller admin, ApiRequest list, ApiRequest revoke) {
    ApiRequest read = admin.sign(list);
    ApiRequest written = admin.sign(revoke);
    Map<String, ApiRequest> altered = new LinkedHashMap<>();
    altered.put("another method", read.withMethod("DELETE"));
    altered.put("another path", read.withTarget(admin.path("/revocations") + "?maxResults=10"));
    altered.put("another query", read.withTarget(list.path() + "?maxResults=100"));
    altered.put("more in the query", read.withTarget(list.target() + "&namespace=x"));
    altered.put("no query", read.withTarget(list.path()));
    altered.put(
        "an encoded path", read.withTarget(list.target().replace("clusters", "%63lusters")));
    altered.put("a path with two slashes", read.withTarget("/" + list.target()));
    altered.put("a body", read.withBody("{}"));
    altered.put("another body", written.withBody(revoke.body().replace("nowhere", "node-1")));
    altered.put("no body", written.withBody(""));
    altered.put("one more space in the body", written.withBody(revoke.body() + " "));
    altered.put("another host", read.change("Host", line -> "Host: elsewhere"));
    altered.put("a date that was not signed", read.change("X-Amz-Date", ApiSignatures::later));
    altered.put(
        "another media type", written.change("Content-Type", line -> "Content-Type: text/plain"));
    altered.put("an additional header that must be signed", read.with("X-Amz-Target: x"));
    altered.put("If-Match that was not signed", read.with("If-Match: *"));
    altered.put("a claimed hash of the body", read.with("X-Amz-Content-Sha256: UNSIGNED-PAYLOAD"));
    altered.put("two hosts", read.with("Host: elsewhere"));
    altered.put(
        "a digit of the signature", read.change("Authorization", ApiSignatures::otherDigit));
    altered.put("a signature in capitals", read.change("Authorization", ApiSignatures::capitals));
    altered.put(
        "another key's name",
        read.change(
            "Authorization",
            line -> line.replaceFirst("Credential=[^/]*", "Credential=AKIANOBODY")));
    altered.put(
        "another day in the scope",
        read.change("Authorization", line -> line.replaceFirst("/\\d{8}/", "/20200101/")));
    altered.put(
        "one signed header less", read.change("Authorization", line -> line.replace("host;", "")));
    altered.forEach(
        (name, request) ->
            tally.refuses(
                name + " than was signed",
                admin.send(request.bytes()),
                reply ->
                    reply.is(
                        FORBIDDEN, name.equals("another key's name") ? UNRECOGNIZED : INVALID)));
    tally.permits("nothing was altered", admin.send(read.bytes()), reply -> reply.is(200));
  }

  private static String later(String line) {
    int last = line.length() - 2;
    char digit = line.charAt(last);
    return line.substring(0, last) + (char) (digit == '0' ? '1' : digit - 1) + "Z";
  }

  private static String otherDigit(String line) {
    return line.substring(0, line.length() - 1) + (line.endsWith("0") ? "1" : "0");
  }

  private static String capitals(String line) {
    int signature = line.indexOf("Signature=") + "Signature=".length();
    return line.substring(0, signature) + line.substring(signature).toUpperCase(Locale.ROOT);
  }

  private static void incomplete(Tally tally, ApiCaller admin, ApiRequest list) {
    ApiRequest read = admin.sign(list);
    Map<String, UnaryOperator<String>> authorizations = new LinkedHashMap<>();
    authorizations.put(
        "another scheme", line -> line.replace("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1"));
    authorizations.put("Basic", line -> "Authorization: Basic YWRtaW46YWRtaW4=");
    authorizations.put("Bearer", line -> "Authorization: Bearer x");
    authorizations.put("nothing", line -> "Authorization: ");
    authorizations.put("no signature", line -> line.replaceFirst(", Signature=.*", ""));
    authorizations.put(
        "an empty signature", line -> line.replaceFirst("Signature=.*", "Signature="));
    authorizations.put("no signed headers", line -> line.replaceFirst("SignedHeaders=[^,]*,", ""));
    authorizations.put("a scope of four parts", line -> line.replaceFirst("/aws4_request", ""));
    authorizations.put(
        "a scope of another kind", line -> line.replace("aws4_request", "aws5_request"));
    authorizations.put("the same twice", line -> line + "\r\n" + line);
    authorizations.forEach(
        (name, made) ->
            refuses(
                tally,
                "an authorization with " + name,
                admin.send(read.change("Authorization", made).bytes()),
                INCOMPLETE));
    refuses(
        tally,
        "an invalid date",
        admin.send(read.change("X-Amz-Date", line -> "X-Amz-Date: yesterday").bytes()),
        INCOMPLETE);
    refuses(
        tally, "no date", admin.send(read.change("X-Amz-Date", line -> "").bytes()), INCOMPLETE);
    refuses(
        tally,
        "a session token beside a registered key",
        admin.call(list.with("X-Amz-Security-Token: x")),
        UNRECOGNIZED);
  }

  private static void refuses(Tally tally, String input, HttpReply reply, String code) {
    tally.refuses(input, reply, it -> it.is(FORBIDDEN, code));
  }

  static void http(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    ApiCaller admin = ApiCaller.admin(mesh, mesh.broker(1));
    String host = "\r\nHost: x\r\n";
    Map<String, String> malformed = new LinkedHashMap<>();
    malformed.put("no request line", "\u0001\u0002\u0003\u0004\r\n\r\n");
    malformed.put("a request line of one word", "GET\r\n\r\n");
    malformed.put("an unknown version", "GET / HTTP/9.9" + host + "\r\n");
    malformed.put("a header without a colon", "GET / HTTP/1.1" + host + "nothing\r\n\r\n");
    malformed.put("a header with a space in its name", "GET / HTTP/1.1" + host + "a b: c\r\n\r\n");
    malformed.put("an invalid length", "POST / HTTP/1.1" + host + "Content-Length: ten\r\n\r\n");
    malformed.put("a negative length", "POST / HTTP/1.1" + host + "Content-Length: -1\r\n\r\n");
    malformed.put(
        "two lengths",
        "POST / HTTP/1.1" + host + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd");
    malformed.put(
        "both a length and chunks",
        "POST / HTTP/1.1"
            + host
            + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    malformed.put(
        "an invalid chunk size",
        "POST / HTTP/1.1" + host + "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n");
    malformed.forEach(
        (name, text) ->
            tally.refuses(
                name,
                admin.send(text.getBytes(StandardCharsets.ISO_8859_1)),
                // Part of these bytes is a request without a signature.
                reply ->
                    reply instanceof HttpReply.Ended(var how)
                        ? how instanceof Ending.Closed
                        : reply.is(400) || reply.is(FORBIDDEN)));
    tooLarge(tally, admin);
    manyLines(mesh.broker(1), tally);
    tally.permits("a valid request", admin.call(ApiRequest.get("/clusters")), it -> it.is(200));
  }

  /** Endless heads. A broker that buffered them would end after some hundreds. */
  private static void manyLines(BrokerMember broker, Tally tally) throws InterruptedException {
    String head = "GET / HTTP/1.1\r\n" + "X:\r\n".repeat(8_000);
    for (HostPort port : List.of(broker.api(), broker.management())) {
      Together.each(
          IntStream.range(0, HEADS).boxed().toList(),
          tally,
          number ->
              tally.refuses(
                  "a head of 8,000 lines, one of " + HEADS,
                  StrangerSocket.exchange(port, head, LATEST),
                  Ending.closedWithin(LATEST)));
    }
  }

  private static void tooLarge(Tally tally, ApiCaller admin) {
    String path = admin.path("/pod-identity-associations");
    Map<String, ApiRequest> large = new LinkedHashMap<>();
    large.put("a request line of 9 KB", ApiRequest.get(path + "?namespace=" + "x".repeat(9_000)));
    large.put("a head of 17 KB", ApiRequest.get(path).with("X-Filler: " + "x".repeat(17_000)));
    large.put("a body of 64 KB plus 1 byte", ApiRequest.post(path, "x".repeat(BODY_BYTES + 1)));
    large.forEach(
        (name, request) -> tally.refuses(name, admin.call(request), it -> it.is(413, TOO_LARGE)));
    Map.of("a body of 512 KB", 512 * 1024, "a body of 4 MB", 4 << 20)
        .forEach(
            (name, bytes) ->
                tally.refuses(
                    name,
                    admin.call(ApiRequest.post(path, "x".repeat(bytes))),
                    // The answer is lost if the connection ends before the whole body is written.
                    it ->
                        it.is(413, TOO_LARGE) || it instanceof HttpReply.Ended(Ending.Closed end)));
    tally.permits(
        "a body of 64 KB",
        admin.call(ApiRequest.post(path, " ".repeat(BODY_BYTES - 2) + "{}")),
        it -> it.is(400, "InvalidParameterException"));
  }
}
