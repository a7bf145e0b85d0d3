package io.claviger.stsfake;

import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** Issues keys of sessions; they end on a whole second, as STS's do. */
final class SessionMinter {

  private final KeyRing keys;
  private final UniqueIds ids;
  private final Behaviours behaviours;
  private final InstantSource clock;

  SessionMinter(KeyRing keys, UniqueIds ids, Behaviours behaviours, InstantSource clock) {
    this.keys = keys;
    this.ids = ids;
    this.behaviours = behaviours;
    this.clock = clock;
  }

  /** A session of exactly this length. */
  SigningKey issue(Principal principal, Duration duration) {
    return issue(principal, duration, Map.of());
  }

  /** The session that a caller asked for. */
  SigningKey issue(AssumeRoleRequest asked, Map<String, String> transitiveTags) {
    return issue(
        Principal.session(asked.roleArn(), asked.sessionName()),
        behaviours.sessionDuration(asked.roleArn(), Duration.ofSeconds(asked.durationSeconds())),
        transitiveTags);
  }

  private SigningKey issue(
      Principal principal, Duration duration, Map<String, String> transitiveTags) {
    SigningKey key =
        new SigningKey(
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
