package io.claviger.stsfake;

import io.claviger.schemas.Check;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A key that requests are signed with. {@link #toString()} shows no secret.
 *
 * @param accessKeyId {@code AKIA...} for one that is registered, {@code ASIA...} for a session's
 * @param secretAccessKey secret
 * @param sessionToken secret; a session's only
 * @param principal whose it is
 * @param expiration when the session ends; absent for one that does not
 * @param transitiveTags session tags that go on to what this session assumes
 */
public record SigningKey(
    String accessKeyId,
    String secretAccessKey,
    @Nullable String sessionToken,
    Principal principal,
    @Nullable Instant expiration,
    Map<String, String> transitiveTags) {

  public SigningKey {
    Check.text(accessKeyId, "accessKeyId");
    Check.text(secretAccessKey, "secretAccessKey");
    Check.present(principal, "principal");
    transitiveTags = Map.copyOf(transitiveTags);
  }

  /** A key without end. */
  public static SigningKey permanent(
      String accessKeyId, String secretAccessKey, Principal principal) {
    return new SigningKey(accessKeyId, secretAccessKey, null, principal, null, Map.of());
  }

  @Override
  public String toString() {
    return "SigningKey[accessKeyId=" + accessKeyId + ", expiration=" + expiration + "]";
  }
}
