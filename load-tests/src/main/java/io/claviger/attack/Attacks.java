package io.claviger.attack;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All attacks, in the order in which they are tried. */
public final class Attacks {

  private static final List<Attack> ALL =
      Stream.of(
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
              // Last: what the others have left is searched.
              SecretAttacks.all())
          .flatMap(List::stream)
          .toList();

  private Attacks() {}

  /** All of them. */
  public static List<Attack> all() {
    return ALL;
  }

  /** The one of this name. */
  public static Optional<Attack> named(String name) {
    return ALL.stream().filter(attack -> attack.name().equals(name)).findAny();
  }
}
