package io.claviger.broker.cli;

import io.claviger.broker.cli.ApplyStep.Configure;
import io.claviger.broker.cli.ApplyStep.Create;
import io.claviger.broker.cli.ApplyStep.Keep;
import io.claviger.broker.cli.ApplyStep.Prune;
import io.claviger.schemas.association.AssociationSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.eks.model.PodIdentityAssociationSummary;
import software.amazon.awssdk.services.eks.model.ResourceInUseException;
import software.amazon.awssdk.services.eks.model.ResourceNotFoundException;

/**
 * Creates, changes and deletes associations until the cluster matches the declaration. Reports the
 * result of each association. If one fails, the others are still applied, and a second run retries
 * it.
 */
public final class ApplyAssociations {

  private final AssociationsApi api;

  /** Receives the result of each association, in the order of the declaration. */
  @FunctionalInterface
  public interface Report {
    /**
     * Receives the result of one association.
     *
     * @param text for the operator; several lines in a dry run
     * @param result whether the association is as declared
     */
    void line(String text, Result result);
  }

  /** Whether an association matches its declaration. */
  public enum Result {
    /** The association matches; in a dry run, it would match. */
    AS_DECLARED,
    /** The API rejected the change; a retry would be rejected too. */
    REFUSED,
    /** The API did not answer, or returned a server error; a retry may succeed. */
    UNAVAILABLE;

    private static final int SERVER_ERROR = 500;

    /** Returns the result of a failed call. A call without an answer is {@link #UNAVAILABLE}. */
    public static Result of(SdkException failed) {
      return failed instanceof SdkServiceException answer && answer.statusCode() < SERVER_ERROR
          ? REFUSED
          : UNAVAILABLE;
    }
  }

  /**
   * What to do with associations that are not declared, and whether to change anything.
   *
   * @param prune delete associations that are not declared
   * @param everyNamespace prune also in namespaces that the declaration does not name
   * @param dryRun only report what would change
   */
  public record Mode(boolean prune, boolean everyNamespace, boolean dryRun) {
    /** Create and change declared associations; delete nothing. */
    public static final Mode PLAIN = new Mode(false, false, false);
  }

  public ApplyAssociations(AssociationsApi api) {
    this.api = api;
  }

  /**
   * Applies all declared associations, several at a time.
   *
   * @return whether all associations match the declaration
   * @throws SdkException when the existing associations cannot be listed
   */
  public boolean apply(List<AssociationSpec> declared, Mode mode, Report report) {
    Map<String, PodIdentityAssociationSummary> existing = existing(declared, mode);
    boolean good = print(api.atOnce(declared, spec -> one(spec, id(existing, spec), mode)), report);
    if (!mode.prune()) {
      return good;
    }
    List<PodIdentityAssociationSummary> undeclared = undeclared(declared, existing, mode);
    return print(api.atOnce(undeclared, old -> done(Prune.of(old), mode)), report) && good;
  }

  private Map<String, PodIdentityAssociationSummary> existing(
      List<AssociationSpec> declared, Mode mode) {
    Set<String> namespaces = namespaces(declared);
    String only =
        namespaces.size() == 1 && !mode.everyNamespace() ? namespaces.iterator().next() : null;
    return api.list(only, null).stream()
        .collect(
            Collectors.toMap(
                old -> RemoteAssociation.name(old.namespace(), old.serviceAccount()),
                old -> old,
                (one, other) -> other));
  }

  private static List<PodIdentityAssociationSummary> undeclared(
      List<AssociationSpec> declared,
      Map<String, PodIdentityAssociationSummary> existing,
      Mode mode) {
    Set<String> namespaces = namespaces(declared);
    Map<String, PodIdentityAssociationSummary> rest = new TreeMap<>(existing);
    declared.forEach(spec -> rest.remove(name(spec)));
    return rest.values().stream()
        .filter(old -> mode.everyNamespace() || namespaces.contains(old.namespace()))
        .toList();
  }

  private record Line(String text, Result result) {}

  private static boolean print(List<Future<Line>> lines, Report report) {
    boolean good = true;
    for (Future<Line> future : lines) {
      Line line = FutureValue.of(future);
      if (!line.text().isEmpty()) {
        report.line(line.text(), line.result());
      }
      good &= line.result() == Result.AS_DECLARED;
    }
    return good;
  }

  private Line one(AssociationSpec spec, @Nullable String id, Mode mode) {
    try {
      return done(step(spec, Optional.ofNullable(id).flatMap(api::find)), mode);
    } catch (SdkException e) {
      return new Line(name(spec) + " failed: " + CallErrors.text(e), Result.of(e));
    }
  }

  private Line done(ApplyStep step, Mode mode) {
    if (mode.dryRun()) {
      return new Line(step.preview(), Result.AS_DECLARED);
    }
    try {
      return new Line(carryOut(step), Result.AS_DECLARED);
    } catch (SdkException e) {
      return new Line(step.name() + " failed: " + CallErrors.text(e), Result.of(e));
    }
  }

  private static ApplyStep step(AssociationSpec spec, Optional<RemoteAssociation> found) {
    if (found.isEmpty()) {
      return new Create(spec);
    }
    SpecChange change = new SpecChange(found.get().spec(), spec);
    return change.isNothing() ? new Keep(found.get()) : new Configure(found.get(), change);
  }

  private String carryOut(ApplyStep step) {
    return switch (step) {
      case Create create -> create(create);
      case Keep keep -> keep.name() + " unchanged (" + keep.old().id() + ")";
      case Configure configure -> {
        api.change(configure.old(), configure.change());
        yield configure.name() + " configured (" + configure.old().id() + ")";
      }
      case Prune prune -> {
        prune(prune);
        yield prune.name() + " pruned (" + prune.id() + ")";
      }
    };
  }

  /** If another client has created the association since the list was read, changes it instead. */
  private String create(Create create) {
    AssociationSpec spec = create.spec();
    try {
      return create.name() + " created (" + api.create(spec).id() + ")";
    } catch (ResourceInUseException taken) {
      Optional<RemoteAssociation> meanwhile =
          api.list(spec.namespace(), spec.serviceAccount()).stream()
              .findFirst()
              .flatMap(summary -> api.find(summary.associationId()));
      if (meanwhile.isEmpty()) {
        throw taken;
      }
      return carryOut(step(spec, meanwhile));
    }
  }

  private void prune(Prune prune) {
    try {
      api.delete(prune.id());
    } catch (ResourceNotFoundException gone) {
      // Another client has deleted it already.
    }
  }

  private static Set<String> namespaces(List<AssociationSpec> declared) {
    return new HashSet<>(declared.stream().map(AssociationSpec::namespace).toList());
  }

  private static @Nullable String id(
      Map<String, PodIdentityAssociationSummary> existing, AssociationSpec spec) {
    PodIdentityAssociationSummary old = existing.get(name(spec));
    return old == null ? null : old.associationId();
  }

  private static String name(AssociationSpec spec) {
    return RemoteAssociation.name(spec.namespace(), spec.serviceAccount());
  }
}
