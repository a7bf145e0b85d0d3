package io.claviger.mesh.sts;

import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** Issues keys of sessions; they end on a whole second, as STS's do. */
final class SessionIssuer {

  private final KeyRing keys;
  private final UniqueIds ids;
  private final Behaviours behaviours;
  private final InstantSource clock;

  SessionIssuer(KeyRing keys, UniqueIds ids, Behaviours behaviours, InstantSource clock) {
    this.keys = keys;
    this.ids = ids;
    this.behaviours = behaviours;
    this.clock = clock;
  }

  /** A session of exactly this length. */
  AccessKey issue(Principal principal, Duration duration) {
    return issue(principal, duration, Map.of());
  }

  /** The session that a caller asked for. */
  AccessKey issue(AssumeRoleRequest asked, Map<String, String> transitiveTags) {
    return issue(
        Principal.session(asked.roleArn(), asked.sessionName()),
        behaviours.sessionDuration(asked.roleArn(), Duration.ofSeconds(asked.durationSeconds())),
        transitiveTags);
  }

  private AccessKey issue(
      Principal principal, Duration duration, Map<String, String> transitiveTags) {
    AccessKey key =
        new AccessKey(
            ids.accessKeyId("ASIA"),
            ids.secretAccessKey(),
            ids.sessionToken(),
            principal,
            clock.instant().plus(duration).truncatedTo(ChronoUnit.SECONDS),
            transitiveTags);
    keys.issued(key);
    return key;
  }
}
