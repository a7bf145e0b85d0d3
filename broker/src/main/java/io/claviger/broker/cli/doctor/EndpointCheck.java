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

/** The endpoint that the environment names: whether SDKs take it, and whether it answers. */
final class EndpointCheck {

  static final String NAME = "endpoint";

  /** Beside https and loopback, what SDKs accept. */
  private static final Set<String> LINK_LOCAL =
      Set.of("169.254.170.2", "169.254.170.23", "fd00:ec2::23");

  /** Java and PHP give up a read after this. */
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private static final int UNAVAILABLE = 503;

  /** SDKs try a 503 again too; Java six times. */
  private static final int TRIES = 3;

  private final HttpGet http;
  private final Map<String, String> environment;

  /**
   * What was found.
   *
   * @param answer absent when there is none
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
                  endpoint + " is none that SDKs ask",
                  "https, loopback, 169.254.170.23 or [fd00:ec2::23]:"
                      + " http://169.254.170.23/v1/credentials")),
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
                "HTTP_PROXY is set, and NO_PROXY does not have "
                    + host
                    + ": some SDKs ask the proxy",
                "NO_PROXY=169.254.170.23,fd00:ec2::23"));
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
            fact + ": Java and PHP give up after 1 s",
            "see whether the node has processor time left for node-edge");
  }

  private static Finding silent(URI endpoint, IOException e, PodToken token) {
    String node = token.node().orElse("this node");
    if (e instanceof HttpTimeoutException) {
      return Finding.fail(
          NAME,
          endpoint + " does not answer",
          "a NetworkPolicy, or no route to the address: does node-edge listen on " + node + "?");
    }
    return Finding.fail(
        NAME,
        endpoint + (e instanceof ConnectException ? " cannot be connected to" : " broke off: " + e),
        "does node-edge run on " + node + ", and is its `listening` in /readyz?");
  }
}
