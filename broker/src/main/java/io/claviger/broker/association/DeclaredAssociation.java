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
 * An association that a Kubernetes object declares for a service account of its own namespace.
 *
 * @param uid of the object
 * @param createdAt when the object was created
 * @param leaving whether the object is being deleted
 * @param reportedId the id in the object's status: the association that it has made
 * @param declaration the content of the object
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

  /** The content of an object. */
  public sealed interface Declaration {

    /** A specification that can be requested. */
    record Usable(AssociationSpec spec) implements Declaration {}

    /** A specification that is invalid, with the problem. */
    record Unusable(String problem) implements Declaration {}

    /** Returns {@link Usable}, or {@link Unusable} if the specification is invalid. */
    static Declaration of(Supplier<AssociationSpec> spec) {
      try {
        return new Usable(spec.get());
      } catch (IllegalArgumentException e) {
        return new Unusable(String.valueOf(e.getMessage()));
      }
    }
  }

  /** Returns the principal of the objects of a namespace. */
  public static String principal(String namespace) {
    return Grant.NAMESPACE + namespace;
  }

  /**
   * Selects the object that counts for a service account: the oldest one that is not being deleted.
   * The uid breaks ties, so that every broker selects the same one.
   */
  static Optional<DeclaredAssociation> speaker(List<DeclaredAssociation> objects) {
    return objects.stream().filter(one -> !one.leaving()).min(OLDEST_FIRST);
  }
}
