package io.claviger.broker.association;

import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.Position;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A digest of associations and positions that does not depend on the order they came in. */
final class TableDigest {

  private static final Comparator<Association> ORDER =
      Comparator.<Association, String>comparing(Association::cluster)
          .thenComparing(association -> association.spec().namespace())
          .thenComparing(association -> association.spec().serviceAccount());

  private TableDigest() {}

  /** In the order that digests are made in. */
  static List<Association> sorted(Collection<Association> associations) {
    return associations.stream().sorted(ORDER).toList();
  }

  /**
   * The SHA-256 of all of them, hexadecimal.
   *
   * @param sorted see {@link #sorted}
   */
  static String of(List<Association> sorted, Map<String, Position> positions) {
    MessageDigest digest = Sha256.digest();
    sorted.forEach(association -> line(digest, SchemaJson.write(association)));
    new TreeMap<>(positions)
        .forEach((cluster, position) -> line(digest, cluster + " " + SchemaJson.write(position)));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void line(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) '\n');
  }
}
