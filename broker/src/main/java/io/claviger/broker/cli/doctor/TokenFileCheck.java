package io.claviger.broker.cli.doctor;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks the token that SDKs send: whether it can be read, and its claims. */
final class TokenFileCheck {

  private static final String FILE = "token file";
  private static final String PROJECTED =
      "mount a projected serviceAccountToken volume at this path, with the audience ";

  private final TextFile files;
  private final InstantSource clock;
  private final String audience;

  /** Reads files. */
  @FunctionalInterface
  interface TextFile {
    String read(Path file) throws IOException;
  }

  /**
   * The result of the check.
   *
   * @param token empty when no token can be read
   */
  record Seen(List<Finding> findings, Optional<PodToken> token) {}

  TokenFileCheck(TextFile files, InstantSource clock, String audience) {
    this.files = files;
    this.clock = clock;
    this.audience = audience;
  }

  Seen look(Path file) {
    try {
      String text = files.read(file);
      if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
        return unusable(
            file + " contains line ends: Python's SDK does not send such a token",
            "write the token without a line end");
      }
      PodToken token = PodToken.parse(text);
      List<Finding> findings = new ArrayList<>();
      findings.add(Finding.ok(FILE, file + " belongs to " + name(token)));
      findings.addAll(claims(token));
      return new Seen(findings, Optional.of(token));
    } catch (NoSuchFileException e) {
      return unusable(file + " does not exist", PROJECTED + audience);
    } catch (AccessDeniedException e) {
      return unusable(
          file + " is not readable by this user", "set securityContext.fsGroup, or runAsUser");
    } catch (ParseException e) {
      return unusable(file + " holds " + e.getMessage(), PROJECTED + audience);
    } catch (IOException e) {
      return unusable(file + " cannot be read: " + e.getMessage(), PROJECTED + audience);
    }
  }

  private static Seen unusable(String fact, String fix) {
    return new Seen(List.of(Finding.fail(FILE, fact, fix)), Optional.empty());
  }

  private static String name(PodToken token) {
    return "service account %s of namespace %s%s"
        .formatted(
            token.serviceAccount(),
            token.namespace(),
            token.pod().map(pod -> ", pod " + pod).orElse(""));
  }

  private List<Finding> claims(PodToken token) {
    return List.of(life(token), audience(token), Finding.ok("issuer", token.issuer()), node(token));
  }

  private Finding life(PodToken token) {
    Duration left = Duration.between(clock.instant(), token.expires());
    if (!left.isPositive()) {
      return Finding.fail(
          "token life",
          "expired " + Finding.lifetime(left.negated()) + " ago",
          "mount the directory: the kubelet replaces the file at 80 % of the token's life, but not a"
              + " subPath mount or a copy");
    }
    if (token.notBefore().isAfter(clock.instant().plusSeconds(60))) {
      return Finding.fail(
          "token life",
          "not valid before " + token.notBefore(),
          "compare the clocks of this machine and the API server");
    }
    return Finding.ok("token life", "expires in " + Finding.lifetime(left));
  }

  private Finding audience(PodToken token) {
    String all = String.join(", ", token.audiences());
    return token.audiences().contains(audience)
        ? Finding.ok("audience", all)
        : Finding.fail(
            "audience",
            "%s, not %s".formatted(all.isEmpty() ? "none" : all, audience),
            PROJECTED + audience);
  }

  private static Finding node(PodToken token) {
    return token
        .node()
        .map(node -> Finding.ok("node claim", "bound to " + node))
        .orElseGet(
            () ->
                Finding.warn(
                    "node claim",
                    "the token names no node",
                    "use Kubernetes 1.30 or later, or configure claviger.broker.clusters[0].kubernetes"
                        + " so that brokers look up the pod's node"));
  }
}
