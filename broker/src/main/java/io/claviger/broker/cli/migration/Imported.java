package io.claviger.broker.cli.migration;

import io.claviger.schemas.association.AssociationSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * The result of an import from another system.
 *
 * @param found the associations
 * @param skipped a line with the reason for each object that was not imported
 */
public record Imported(List<Found> found, List<String> skipped) {

  public Imported {
    found = List.copyOf(found);
    skipped = List.copyOf(skipped);
  }

  /**
   * An association in another system.
   *
   * @param notes what the operator must check before applying it
   */
  public record Found(AssociationSpec spec, List<String> notes) {
    public Found {
      notes = List.copyOf(notes);
    }

    /** {@code namespace/serviceAccount}. */
    String name() {
      return spec.namespace() + "/" + spec.serviceAccount();
    }

    Found with(String note) {
      List<String> more = new ArrayList<>(notes);
      more.add(note);
      return new Found(spec, more);
    }
  }
}
