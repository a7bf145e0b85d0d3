package io.claviger.broker.association;

import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Revocation;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A digest of associations and positions that does not depend on any order. */
final class TableDigest {

  private TableDigest() {}

  static String of(
      Map<AssociationKey, Association> associations,
      List<Revocation> revocations,
      Map<String, Position> positions) {
    StringBuilder text = new StringBuilder();
    associations.values().stream()
        .sorted(Comparator.comparing(association -> association.key().recordKey()))
        .forEach(association -> text.append(SchemaJson.write(association)).append('\n'));
    revocations.stream()
        .sorted(Comparator.comparing(Revocation::recordKey))
        .forEach(revocation -> text.append(SchemaJson.write(revocation)).append('\n'));
    new TreeMap<>(positions)
        .forEach(
            (cluster, position) ->
                text.append(cluster).append(' ').append(SchemaJson.write(position)).append('\n'));
    return Sha256.hex(text.toString());
  }
}
