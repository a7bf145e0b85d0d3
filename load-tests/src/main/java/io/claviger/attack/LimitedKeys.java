package io.claviger.attack;

import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.Polling;
import io.claviger.localmesh.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Access keys with few grants, in addition to the operator's key. */
final class LimitedKeys {

  /** Everything in the namespace {@link #NAMESPACE}, for roles that begin with own-. */
  static final String OWN = "attack-own";

  /** The same namespace: reads, tags and deletes. */
  static final String READER = "attack-reader";

  /** Everything of a cluster that does not exist. */
  static final String ELSEWHERE = "attack-elsewhere";

  /** Registered, without grants. */
  static final String NOTHING = "attack-nothing";

  /** Fetches credentials of node-1's pods. */
  static final String AGENT = "attack-agent";

  /** The namespace of keys that have one. */
  static final String NAMESPACE = "attack-own";

  private static final Duration READ_AGAIN = Duration.ofSeconds(15);
  private static final Duration LOOKS = Duration.ofMillis(100);
  private static final int SECRET_BYTES = 24;
  private static final String GRANTS =
      """
        - key: attack-own
          cluster: local
          namespaces: ["attack-own"]
          roles: ["arn:aws:iam::123456789012:role/pods/own-*"]
          targetRoles: ["arn:aws:iam::123456789012:role/pods/own-*"]
          assume: true
          revoke: true
        - key: attack-reader
          cluster: local
          namespaces: ["attack-own"]
        - key: attack-elsewhere
          cluster: elsewhere
          namespaces: ["*"]
          roles: ["*"]
          targetRoles: ["*"]
          assume: true
          revoke: true
        - key: attack-agent
          cluster: local
          namespaces: ["attack-own"]
          assume: true
      """;

  private final LocalMesh mesh;
  private final Map<String, String> secrets;

  private LimitedKeys(LocalMesh mesh, Map<String, String> secrets) {
    this.mesh = mesh;
    this.secrets = secrets;
  }

  /** Registers new keys for each caller, and waits until every broker has loaded them. */
  static LimitedKeys register(LocalMesh mesh) throws InterruptedException {
    Path access = mesh.options().directory().resolve("access");
    Map<String, String> secrets = new LinkedHashMap<>();
    StringBuilder keys = new StringBuilder(withoutOwn(access.resolve("access-keys.yaml")));
    SecureRandom random = new SecureRandom();
    for (String name : new String[] {OWN, READER, ELSEWHERE, NOTHING, AGENT}) {
      byte[] secret = new byte[SECRET_BYTES];
      random.nextBytes(secret);
      secrets.put(name, Base64.getUrlEncoder().encodeToString(secret));
      keys.append(
          "  - name: %s\n    accessKeyId: %s\n    secretAccessKey: \"%s\"\n"
              .formatted(name, id(name), secrets.get(name)));
      if (name.equals(AGENT)) {
        keys.append("    node: node-1\n");
      }
    }
    PrivateFiles.write(
        access.resolve("grants.yaml"), withoutOwn(access.resolve("grants.yaml")) + GRANTS);
    PrivateFiles.write(access.resolve("access-keys.yaml"), keys.toString());
    LimitedKeys made = new LimitedKeys(mesh, secrets);
    made.awaitKnown();
    return made;
  }

  /** The file's text without the additions of an earlier attack, which are at its end. */
  private static String withoutOwn(Path file) {
    try {
      String text = Files.readString(file);
      int own =
          text.indexOf(
              file.endsWith("grants.yaml") ? "  - key: attack-own\n" : "  - name: attack-own\n");
      return own < 0 ? text : text.substring(0, own);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String id(String name) {
    return "AKIA" + name.replace("-", "").toUpperCase(Locale.ROOT);
  }

  private void awaitKnown() throws InterruptedException {
    for (BrokerMember broker : mesh.brokers()) {
      if (!Polling.within(READ_AGAIN).every(LOOKS).until(() -> isKnown(broker))) {
        throw new IllegalStateException(broker.member().name() + " has not loaded the new keys");
      }
    }
  }

  /** Brokers read grants together with keys; the list succeeds only with both. */
  private boolean isKnown(BrokerMember broker) {
    return caller(AGENT, broker).call(ApiRequest.get("/clusters/local")).is(200)
        && caller(READER, broker).call(ApiRequest.get("/clusters/local")).is(200);
  }

  /** The caller with that key. */
  ApiCaller caller(String name, BrokerMember broker) {
    return ApiCaller.of(mesh, broker, id(name), secrets.getOrDefault(name, ""));
  }
}
