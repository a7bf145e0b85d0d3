package io.claviger.broker.association;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.AssociationOutcome.Accepted;
import io.claviger.schemas.association.AssociationOutcome.Effect;
import io.claviger.schemas.association.AssociationOutcome.Refused;
import io.claviger.schemas.association.AssociationOutcome.Result;
import io.claviger.schemas.association.AssociationSpec;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rules of each operation on one cluster's associations at one moment. */
record OperationRules(
    ClusterRules rules,
    Grants grants,
    String actor,
    LogState state,
    AssociationIds ids,
    Instant now) {

  Result rule(AssociationCommand.OnAssociation operation) {
    return switch (operation) {
      case AssociationCommand.Create create -> create(create.spec());
      case AssociationCommand.Put put -> put(put.spec());
      case AssociationCommand.Update update ->
          change(update.associationId(), update.ifRevision(), old -> update(old, update));
      case AssociationCommand.Delete delete ->
          onExisting(
              delete.associationId(),
              delete.ifRevision(),
              ownership()::toDelete,
              gone -> new Accepted(Effect.REMOVED, gone));
      case AssociationCommand.Tag tag ->
          change(tag.associationId(), null, old -> tag(old, tag.tags()));
      case AssociationCommand.Untag untag ->
          change(untag.associationId(), null, old -> untag(old, untag));
    };
  }

  private Result create(AssociationSpec spec) {
    return Refusals.or(
        violation(spec),
        () -> existing(spec).<Result>map(Refusals::exists).orElseGet(() -> add(spec)));
  }

  private Result put(AssociationSpec spec) {
    return Refusals.or(
        violation(spec),
        () -> existing(spec).map(old -> become(old, spec)).orElseGet(() -> add(spec)));
  }

  private Result become(Association old, AssociationSpec spec) {
    return Refusals.or(ownership().toDeclare(old), () -> become(old, spec, actor));
  }

  private Result update(Association old, AssociationCommand.Update update) {
    AssociationSpec spec = old.spec();
    String roleArn = Objects.requireNonNullElse(update.roleArn(), spec.roleArn());
    String targetRoleArn = replaced(spec.targetRoleArn(), update.targetRoleArn());
    String policy = replaced(spec.policy(), update.policy());
    boolean untagged =
        Objects.requireNonNullElse(update.disableSessionTags(), spec.disableSessionTags());
    Optional<Refused> violation =
        first(SpecRules.roles(rules, roleArn, targetRoleArn), SpecRules.policy(policy, untagged));
    if (violation.isPresent()) {
      return violation.get();
    }
    AssociationSpec changed =
        new AssociationSpec(
            spec.namespace(),
            spec.serviceAccount(),
            roleArn,
            targetRoleArn,
            untagged,
            policy,
            spec.tags());
    if (changed.equals(spec)) {
      return Refusals.nothingToChange();
    }
    return Refusals.or(granted(changed), () -> become(old, changed, actor));
  }

  private Result tag(Association old, Map<String, String> added) {
    Map<String, String> tags = new HashMap<>(old.spec().tags());
    tags.putAll(added);
    return Refusals.or(
        SpecRules.tags(tags), () -> become(old, old.spec().withTags(tags), old.grantedBy()));
  }

  private Result untag(Association old, AssociationCommand.Untag untag) {
    Map<String, String> tags = new HashMap<>(old.spec().tags());
    untag.tagKeys().forEach(tags::remove);
    return become(old, old.spec().withTags(tags), old.grantedBy());
  }

  private Result change(String id, @Nullable Long ifRevision, Function<Association, Result> then) {
    return onExisting(id, ifRevision, ownership()::toChange, then);
  }

  private Result onExisting(
      String id,
      @Nullable Long ifRevision,
      Function<Association, Optional<Refused>> allowed,
      Function<Association, Result> then) {
    Optional<Association> found = state.find(rules.cluster(), id);
    if (found.isEmpty()) {
      return Refusals.unknownAssociation(id);
    }
    Association association = found.get();
    return Refusals.or(
        allowed.apply(association),
        () ->
            ifRevision != null && ifRevision != association.revision()
                ? Refusals.otherRevision(association, ifRevision)
                : then.apply(association));
  }

  private Result add(AssociationSpec spec) {
    Optional<Refused> tooMany = tooMany(spec);
    if (tooMany.isPresent()) {
      return tooMany.get();
    }
    String id = ids.next();
    while (state.find(rules.cluster(), id).isPresent()) {
      id = ids.next();
    }
    return new Accepted(
        Effect.CREATED, new Association(id, rules.cluster(), spec, actor, 1, now, now));
  }

  private Optional<Refused> tooMany(AssociationSpec spec) {
    boolean everywhere = grants.coversEverywhere(actor, rules.cluster(), spec);
    if (!everywhere && state.size(rules.cluster(), actor) >= rules.share()) {
      return Optional.of(Refusals.share(rules, actor, rules.share()));
    }
    int maximum = everywhere ? rules.maxAssociations() : rules.unreserved();
    return state.size(rules.cluster()) >= maximum
        ? Optional.of(Refusals.limit(rules.cluster(), maximum))
        : Optional.empty();
  }

  private Result become(Association old, AssociationSpec spec, String grantedBy) {
    if (spec.equals(old.spec()) && grantedBy.equals(old.grantedBy())) {
      return new Accepted(Effect.UNCHANGED, old);
    }
    long revision = sessionsDiffer(old.spec(), spec) ? old.revision() + 1 : old.revision();
    return new Accepted(
        Effect.CHANGED,
        new Association(old.id(), old.cluster(), spec, grantedBy, revision, old.createdAt(), now));
  }

  /** Returns whether a change from one specification to the other invalidates open sessions. */
  private static boolean sessionsDiffer(AssociationSpec a, AssociationSpec b) {
    return !a.roleArn().equals(b.roleArn())
        || !Objects.equals(a.targetRoleArn(), b.targetRoleArn())
        || !Objects.equals(a.policy(), b.policy())
        || a.disableSessionTags() != b.disableSessionTags()
        || !a.tagScope().equals(b.tagScope());
  }

  private Ownership ownership() {
    return new Ownership(grants, actor);
  }

  private Optional<Association> existing(AssociationSpec spec) {
    return state.find(new AssociationKey(rules.cluster(), spec.namespace(), spec.serviceAccount()));
  }

  private Optional<Refused> violation(AssociationSpec spec) {
    return first(
        SpecRules.names(spec.namespace(), spec.serviceAccount()),
        SpecRules.roles(rules, spec.roleArn(), spec.targetRoleArn()),
        SpecRules.policy(spec.policy(), spec.disableSessionTags()),
        SpecRules.tags(spec.tags()),
        granted(spec));
  }

  private Optional<Refused> granted(AssociationSpec spec) {
    return grants.missing(actor, rules.cluster(), spec).map(Refusals::notGranted);
  }

  @SafeVarargs
  private static Optional<Refused> first(Optional<Refused>... violations) {
    return Stream.of(violations).flatMap(Optional::stream).findFirst();
  }

  /** Null keeps the old value, an empty string removes it. */
  private static @Nullable String replaced(@Nullable String old, @Nullable String wanted) {
    if (wanted == null) {
      return old;
    }
    return wanted.isEmpty() ? null : wanted;
  }
}
