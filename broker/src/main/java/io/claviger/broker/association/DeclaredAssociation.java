package io.claviger.broker.association;

import io.claviger.schemas.Check;
import io.claviger.schemas.association.AssociationSpec;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An association as a Kubernetes object declares it, for a service account of its own namespace.
 *
 * @param uid of the object
 * @param createdAt when the object was created
 * @param leaving whether the object is being deleted
 * @param reportedId the id that its status names: the association that it has made
 * @param declaration what it says
 */
public record DeclaredAssociation(
    String namespace,
    String name,
    String uid,
    Instant createdAt,
    boolean leaving,
    @Nullable String reportedId,
    Declaration declaration) {

  private static final Comparator<DeclaredAssociation> OLDEST_FIRST =
      Comparator.comparing(DeclaredAssociation::createdAt).thenComparing(DeclaredAssociation::uid);

  public DeclaredAssociation {
    Check.text(namespace, "namespace");
    Check.text(name, "name");
    Check.text(uid, "uid");
    Check.present(createdAt, "createdAt");
    Check.present(declaration, "declaration");
  }

  /** What an object says. */
  public sealed interface Declaration {

    /** Something that can be asked for. */
    record Usable(AssociationSpec spec) implements Declaration {}

    /** Nothing that can be: what is wrong. */
    record Unusable(String problem) implements Declaration {}

    /** Usable unless the specification is one that there cannot be. */
    static Declaration of(Supplier<AssociationSpec> spec) {
      try {
        return new Usable(spec.get());
      } catch (IllegalArgumentException e) {
        return new Unusable(String.valueOf(e.getMessage()));
      }
    }
  }

  /** The principal of the objects of a namespace. */
  public static String principal(String namespace) {
    return Grant.NAMESPACE + namespace;
  }

  /**
   * Which of the objects of one service account speaks for it: the oldest that stays. Equal times
   * are decided by the uid, so that everybody decides alike.
   */
  static Optional<DeclaredAssociation> speaker(List<DeclaredAssociation> objects) {
    return objects.stream().filter(one -> !one.leaving()).min(OLDEST_FIRST);
  }
}
