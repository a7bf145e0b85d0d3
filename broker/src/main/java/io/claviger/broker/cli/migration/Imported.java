package io.claviger.broker.cli.migration;

import io.claviger.schemas.association.AssociationSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * What has been found in another system.
 *
 * @param found associations, at most one of a service account
 * @param skipped what could not be one: what and why
 */
public record Imported(List<Found> found, List<String> skipped) {

  public Imported {
    found = List.copyOf(found);
    skipped = List.copyOf(skipped);
  }

  /**
   * An association as another system has it.
   *
   * @param notes what a person has to know before applying it
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
