package io.claviger.broker.cli.doctor;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Checks whether SDKs accept the endpoint of the environment, and whether it answers. */
final class EndpointCheck {

  static final String NAME = "endpoint";

  /** The addresses that SDKs accept besides https and loopback. */
  private static final Set<String> LINK_LOCAL =
      Set.of("169.254.170.2", "169.254.170.23", "fd00:ec2::23");

  /** The read timeout of the Java and PHP SDKs. */
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private static final int UNAVAILABLE = 503;

  /** SDKs retry a 503 too; Java six times. */
  private static final int TRIES = 3;

  private final HttpGet http;
  private final Map<String, String> environment;

  /**
   * The result of the check.
   *
   * @param answer empty when the endpoint did not answer
   */
  record Seen(List<Finding> findings, Optional<HttpGet.Answer> answer) {}

  EndpointCheck(HttpGet http, Map<String, String> environment) {
    this.http = http;
    this.environment = environment;
  }

  Seen look(URI endpoint, PodToken token) {
    List<Finding> findings = new ArrayList<>();
    String host = host(endpoint);
    if (!isAllowed(endpoint, host)) {
      return new Seen(
          List.of(
              Finding.fail(
                  NAME,
                  endpoint + " is not an address that SDKs accept",
                  "use http://169.254.170.23/v1/credentials; SDKs accept https, loopback,"
                      + " 169.254.170.23 and [fd00:ec2::23]")),
          Optional.empty());
    }
    proxy(host).ifPresent(findings::add);
    try {
      HttpGet.Answer answer = ask(endpoint, token);
      findings.add(timely(endpoint, answer));
      return new Seen(findings, Optional.of(answer));
    } catch (IOException e) {
      findings.add(silent(endpoint, e, token));
      return new Seen(findings, Optional.empty());
    }
  }

  private HttpGet.Answer ask(URI endpoint, PodToken token) throws IOException {
    HttpGet.Answer answer = http.get(endpoint, token.text());
    for (int tries = 1; tries < TRIES && answer.status() == UNAVAILABLE; tries++) {
      answer = http.get(endpoint, token.text());
    }
    return answer;
  }

  private static String host(URI endpoint) {
    String host = endpoint.getHost() == null ? "" : endpoint.getHost();
    return host.replaceAll("[\\[\\]]", "");
  }

  private static boolean isAllowed(URI endpoint, String host) {
    return !host.isEmpty()
        && ("https".equals(endpoint.getScheme())
            || ("http".equals(endpoint.getScheme())
                && (LINK_LOCAL.contains(host) || isLoopback(host))));
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.\\d{1,3}){3}");
  }

  private Optional<Finding> proxy(String host) {
    String proxy = either("HTTP_PROXY", "http_proxy");
    boolean spared =
        Arrays.stream(either("NO_PROXY", "no_proxy").split(",", -1))
            .anyMatch(name -> name.strip().equals(host) || name.strip().equals("*"));
    // Go never sends loopback to a proxy.
    return proxy.isEmpty() || spared || isLoopback(host)
        ? Optional.empty()
        : Optional.of(
            Finding.warn(
                "proxy",
                "HTTP_PROXY is set, and NO_PROXY lacks "
                    + host
                    + ": some SDKs send the request to the proxy",
                "set NO_PROXY=169.254.170.23,fd00:ec2::23"));
  }

  private String either(String upper, String lower) {
    return environment.getOrDefault(upper, environment.getOrDefault(lower, ""));
  }

  private static Finding timely(URI endpoint, HttpGet.Answer answer) {
    String fact =
        "%s answers %d after %d ms".formatted(endpoint, answer.status(), answer.took().toMillis());
    return answer.took().compareTo(TIMEOUT) < 0
        ? Finding.ok(NAME, fact)
        : Finding.warn(
            NAME,
            fact + ": the Java and PHP SDKs time out after 1 s",
            "check whether node-edge gets enough CPU time on the node");
  }

  private static Finding silent(URI endpoint, IOException e, PodToken token) {
    String node = token.node().orElse("this node");
    if (e instanceof HttpTimeoutException) {
      return Finding.fail(
          NAME,
          endpoint + " does not answer",
          "check that node-edge listens on "
              + node
              + ", and that routes and NetworkPolicies let the pod reach the address");
    }
    return Finding.fail(
        NAME,
        endpoint
            + (e instanceof ConnectException
                ? " refuses connections"
                : " failed during the request: " + e),
        "check that node-edge runs on "
            + node
            + ", and that its /readyz does not name `listening`");
  }
}
