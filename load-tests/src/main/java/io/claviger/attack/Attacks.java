package io.claviger.attack;

import java.util.List;
import java.util.Optional;

/** All attacks, in the order in which they run. */
public final class Attacks {

  private static final List<List<Attack>> AREAS =
      List.of(
          TokenAttacks.all(),
          RequestAttacks.all(),
          HeadAttacks.all(),
          FloodAttacks.all(),
          WithdrawnPodAttacks.all(),
          BridgeAttacks.all(),
          MemberPortAttacks.all(),
          ApiAttacks.all(),
          WebhookAttacks.all(),
          ManagementAttacks.all(),
          KafkaAttacks.all(),
          // Last: it searches what the others have left.
          SecretAttacks.all());

  private static final List<Attack> ALL = AREAS.stream().flatMap(List::stream).toList();

  private Attacks() {}

  /** All attacks. */
  public static List<Attack> all() {
    return ALL;
  }

  /** The first of each area, for a quick look at all of them. */
  public static List<Attack> oneOfEachArea() {
    return AREAS.stream().map(List::getFirst).toList();
  }

  /** The one of this name. */
  public static Optional<Attack> named(String name) {
    return ALL.stream().filter(attack -> attack.name().equals(name)).findAny();
  }
}
