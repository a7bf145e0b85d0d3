package io.claviger.broker.association;

import java.util.random.RandomGenerator;

/** Generates association ids: {@code a-} and 17 characters of {@code [a-z0-9]}, 88 bits. */
final class AssociationIds {

  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int LENGTH = 17;

  private final RandomGenerator random;

  AssociationIds(RandomGenerator random) {
    this.random = random;
  }

  String next() {
    StringBuilder id = new StringBuilder("a-");
    for (int i = 0; i < LENGTH; i++) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return id.toString();
  }
}
