package io.claviger.broker.cli.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Checks whether the SDKs' default chain leads to the node's endpoint. */
final class EnvironmentCheck {

  static final String URI = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
  static final String TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

  private static final String NAME = "environment";
  private static final String CHAIN = "default chain";
  private static final String INJECTION =
      "recreate the pod, because the admission webhook sets the variable when a pod is created; or"
          + " set it in the manifest";

  /** Sources that all or some SDKs try before the container endpoint. */
  private static final Map<String, String> AHEAD =
      new TreeMap<>(
          Map.of(
              "AWS_ACCESS_KEY_ID", "a key in the environment",
              "AWS_WEB_IDENTITY_TOKEN_FILE", "web identity (IRSA)",
              "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "the endpoint of ECS"));

  private final Map<String, String> environment;
  private final Predicate<Path> exists;

  EnvironmentCheck(Map<String, String> environment, Predicate<Path> exists) {
    this.environment = environment;
    this.exists = exists;
  }

  List<Finding> look() {
    List<Finding> findings = new ArrayList<>();
    findings.add(given(URI, "http://169.254.170.23/v1/credentials"));
    findings.add(given(TOKEN_FILE, "the path of the projected token"));
    List<Finding> ahead = ahead();
    findings.addAll(ahead);
    if (ahead.isEmpty()) {
      findings.add(Finding.ok(CHAIN, "no other source precedes the container endpoint"));
    }
    if (value("AWS_REGION") == null && value("AWS_DEFAULT_REGION") == null) {
      findings.add(
          Finding.warn(
              NAME, "AWS_REGION is not set: most SDKs fail without a Region", "set AWS_REGION"));
    }
    return findings;
  }

  private Finding given(String variable, String example) {
    String value = value(variable);
    return value == null
        ? Finding.fail(NAME, variable + " is not set", INJECTION + " (" + example + ")")
        : Finding.ok(NAME, variable + " is " + value);
  }

  private List<Finding> ahead() {
    List<Finding> findings = new ArrayList<>();
    AHEAD.forEach(
        (variable, what) -> {
          if (value(variable) != null) {
            findings.add(
                Finding.fail(
                    CHAIN,
                    variable + " is set: SDKs use " + what + " first",
                    "remove " + variable + " from the pod"));
          }
        });
    findings.addAll(profiles());
    return findings;
  }

  /** A profile with credentials precedes the container endpoint. */
  private List<Finding> profiles() {
    List<Finding> findings = new ArrayList<>();
    String profile = value("AWS_PROFILE");
    if (profile != null) {
      findings.add(
          Finding.warn(
              CHAIN,
              "AWS_PROFILE is " + profile + ": SDKs use credentials of that profile first",
              "remove AWS_PROFILE from the pod"));
    }
    Path file = credentialsFile();
    if (file != null && exists.test(file)) {
      findings.add(
          Finding.warn(
              CHAIN,
              "the credentials file " + file + " exists: SDKs use it first",
              "remove the file from the image or the mounts"));
    }
    return findings;
  }

  private @Nullable Path credentialsFile() {
    String named = value("AWS_SHARED_CREDENTIALS_FILE");
    String home = value("HOME");
    if (named != null) {
      return Path.of(named);
    }
    return home == null ? null : Path.of(home, ".aws", "credentials");
  }

  private @Nullable String value(String variable) {
    String value = environment.get(variable);
    return value == null || value.isBlank() ? null : value;
  }
}
