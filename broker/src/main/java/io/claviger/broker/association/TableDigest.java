package io.claviger.broker.association;

import io.claviger.config.trust.Sha256;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Revocation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A digest of a table that does not depend on the order in which entries arrived. */
final class TableDigest {

  private static final Comparator<Association> ORDER =
      Comparator.<Association, String>comparing(Association::cluster)
          .thenComparing(association -> association.spec().namespace())
          .thenComparing(association -> association.spec().serviceAccount());

  private TableDigest() {}

  /** Sorts associations into the order of the digest. */
  static List<Association> sorted(Collection<Association> associations) {
    return associations.stream().sorted(ORDER).toList();
  }

  /** Sorts revocations into the order of the digest. */
  static List<Revocation> sortedRevocations(Collection<Revocation> revocations) {
    return revocations.stream().sorted(Comparator.comparing(Revocation::recordKey)).toList();
  }

  /** Returns the hexadecimal SHA-256 of all of them, sorted. */
  static String of(
      List<Association> associations,
      List<Revocation> revocations,
      Map<String, Position> positions) {
    MessageDigest digest = Sha256.digest();
    associations.forEach(association -> line(digest, SchemaJson.write(association)));
    revocations.forEach(revocation -> line(digest, SchemaJson.write(revocation)));
    new TreeMap<>(positions)
        .forEach((cluster, position) -> line(digest, cluster + " " + SchemaJson.write(position)));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void line(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) '\n');
  }
}
