package io.claviger.edge.credential;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.config.trust.TokenHash;
import io.claviger.edge.revocation.PodRevocations;
import io.claviger.edge.workload.Subject;
import io.claviger.edge.workload.VerifiedToken;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The longest-lived verified token of each pod and each service account served here. Sessions are
 * refreshed with it, and only while there is one. Bounded; thread-safe.
 */
public final class RefreshTokens {

  /** A token and the identity that it proves; {@link #toString()} hides the token. */
  record Presented(String token, VerifiedToken verified) {
    @Override
    public String toString() {
      return "Presented[expiresAt=" + verified.expiresAt() + "]";
    }
  }

  private final InstantSource clock;
  private final Cache<Subject, Presented> latest;

  /**
   * Starts with no token.
   *
   * @param size for how many pods and service accounts one is kept
   * @param clock of this node
   */
  public RefreshTokens(int size, InstantSource clock) {
    this.clock = clock;
    this.latest = Caffeine.newBuilder().maximumSize(size).executor(Runnable::run).build();
  }

  /** Records the token that a pod was served with; called for each answer. */
  void saw(String token, VerifiedToken verified) {
    Presented known = latest.getIfPresent(verified.pod());
    if (known != null
        && known.verified().equals(verified)
        && latest.getIfPresent(verified.serviceAccount()) != null) {
      return;
    }
    Presented presented = new Presented(token, verified);
    latest.asMap().merge(verified.pod(), presented, RefreshTokens::longerLived);
    latest.asMap().merge(verified.serviceAccount(), presented, RefreshTokens::longerLived);
  }

  private static Presented longerLived(Presented known, Presented offered) {
    return known.verified().expiresAt().isAfter(offered.verified().expiresAt()) ? known : offered;
  }

  @Nullable Presented find(Subject subject) {
    Presented presented = latest.getIfPresent(subject);
    if (presented != null && !presented.verified().liveAt(clock.instant())) {
      latest.asMap().remove(subject, presented);
      return null;
    }
    return presented;
  }

  /** Drops a token that a broker has refused. */
  void forget(TokenHash refused) {
    forgetIf(verified -> verified.hash().equals(refused));
  }

  /** Drops the tokens of revoked pods. */
  void forgetRevoked(PodRevocations podRevocations) {
    forgetIf(verified -> podRevocations.revokes(verified.workload()));
  }

  /**
   * Drops tokens that would no longer be accepted; a shared session is refreshed with another
   * pod's.
   */
  public void forgetIf(Predicate<VerifiedToken> wrong) {
    if (!latest.asMap().values().removeIf(presented -> wrong.test(presented.verified()))) {
      return;
    }
    for (Presented left : List.copyOf(latest.asMap().values())) {
      latest.asMap().merge(left.verified().serviceAccount(), left, RefreshTokens::longerLived);
    }
  }
}
