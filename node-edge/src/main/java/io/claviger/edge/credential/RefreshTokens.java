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
 * The verified token that lives longest of each pod and each service account served here: sessions
 * are refreshed with it, and only while there is one. Bounded; thread-safe.
 */
public final class RefreshTokens {

  /** A token and who it proves; {@link #toString()} hides the token. */
  record Presented(String token, VerifiedToken verified) {
    @Override
    public String toString() {
      return "Presented[expiresAt=" + verified.expiresAt() + "]";
    }
  }

  private final InstantSource clock;
  private final Cache<Subject, Presented> latest;

  /**
   * Knows none yet.
   *
   * @param size of how many pods and service accounts one is kept
   * @param clock of this node
   */
  public RefreshTokens(int size, InstantSource clock) {
    this.clock = clock;
    this.latest = Caffeine.newBuilder().maximumSize(size).executor(Runnable::run).build();
  }

  /** A pod was served with this token; called for each answer. */
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

  /** Forgets a token that a broker has refused. */
  void forget(TokenHash refused) {
    forgetIf(verified -> verified.hash().equals(refused));
  }

  /** Forgets tokens of pods that are revoked. */
  void forgetRevoked(PodRevocations podRevocations) {
    forgetIf(verified -> podRevocations.revokes(verified.workload()));
  }

  /**
   * Forgets tokens that would not be believed any more; what is shared is refreshed with another
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
