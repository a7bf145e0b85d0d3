package io.claviger.broker.adapter.hazelcast;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses of the names in {@code peers.members}, compared with those of the joined brokers.
 * If a broker is alone although the names have other addresses, it logs this. Thread-safe.
 */
final class NamedPeers {

  private static final Logger LOG = LoggerFactory.getLogger(NamedPeers.class);

  /** Two runs of Hazelcast's merge: a broker that was only late has joined by then. */
  private static final Duration LATE = Duration.ofSeconds(10);

  private final Supplier<Set<InetSocketAddress>> members;
  private final InstantSource clock;
  private volatile Set<InetSocketAddress> named = Set.of();
  private @Nullable Instant aloneSince;
  private boolean reported;
  private boolean failing;

  /**
   * Starts without addresses.
   *
   * @param members the current addresses of the joined brokers, this one included; answers at once
   */
  NamedPeers(Supplier<Set<InetSocketAddress>> members, InstantSource clock) {
    this.members = members;
    this.clock = clock;
  }

  /** Returns the number of addresses in the last successful look-up. */
  int addresses() {
    return named.size();
  }

  /** Returns how many of these addresses belong to no joined broker. */
  int unreached() {
    Set<InetSocketAddress> others = new HashSet<>(named);
    others.removeAll(members.get());
    return others.size();
  }

  /** Records the addresses of a look-up. */
  synchronized void found(Set<InetSocketAddress> addresses) {
    named = Set.copyOf(addresses);
    if (failing) {
      failing = false;
      LOG.atInfo()
          .addKeyValue("addresses", addresses.size())
          .log("peers.members can be looked up again");
    }
    int unreached = unreached();
    if (unreached > 0 && members.get().size() == 1) {
      alone(unreached);
    } else {
      aloneSince = null;
      if (reported) {
        reported = false;
        LOG.atInfo()
            .addKeyValue("members", members.get().size())
            .addKeyValue("unreached", unreached)
            .log("this broker is no longer alone");
      }
    }
  }

  private void alone(int unreached) {
    Instant since = aloneSince == null ? clock.instant() : aloneSince;
    aloneSince = since;
    if (!reported && !clock.instant().isBefore(since.plus(LATE))) {
      reported = true;
      LOG.atWarn()
          .addKeyValue("unreached", unreached)
          .log(
              "this broker is alone although peers.members has other addresses: brokers open the"
                  + " same sessions again until Hazelcast's port is reachable there");
    }
  }

  /** A look-up failed: the previous addresses stay. Logs this once. */
  synchronized void failed(Throwable cause) {
    if (!failing) {
      failing = true;
      LOG.atWarn()
          .addKeyValue("cause", cause.toString())
          .addKeyValue("addresses", addresses())
          .log("peers.members cannot be looked up: the previous addresses still count");
    }
  }
}
