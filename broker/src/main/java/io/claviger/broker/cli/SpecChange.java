package io.claviger.broker.cli;

import io.claviger.schemas.association.AssociationSpec;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The difference between an association and its declaration.
 *
 * @param from the current association
 * @param to the declared association
 */
record SpecChange(AssociationSpec from, AssociationSpec to) {

  /** Stands for an absent field. */
  private static final String NONE = "<none>";

  boolean isNothing() {
    return from.equals(to);
  }

  /** Whether a field other than tags changes, which needs UpdatePodIdentityAssociation. */
  boolean ofFields() {
    return !from.roleArn().equals(to.roleArn())
        || !Objects.equals(from.targetRoleArn(), to.targetRoleArn())
        || !Objects.equals(from.policy(), to.policy())
        || from.disableSessionTags() != to.disableSessionTags();
  }

  /** The new role; null if unchanged. */
  @Nullable String roleArn() {
    return from.roleArn().equals(to.roleArn()) ? null : to.roleArn();
  }

  /** The new target role; null if unchanged, empty to remove it. */
  @Nullable String targetRoleArn() {
    return changed(from.targetRoleArn(), to.targetRoleArn());
  }

  /** The new policy; null if unchanged, empty to remove it. */
  @Nullable String policy() {
    return changed(from.policy(), to.policy());
  }

  /** The new value; null if unchanged. */
  @Nullable Boolean disableSessionTags() {
    return from.disableSessionTags() == to.disableSessionTags() ? null : to.disableSessionTags();
  }

  /** The tags that are new or have another value. */
  Map<String, String> tagsToSet() {
    Map<String, String> set = new TreeMap<>(to.tags());
    set.entrySet().removeAll(from.tags().entrySet());
    return set;
  }

  /** The keys of the removed tags. */
  List<String> tagsToRemove() {
    return from.tags().keySet().stream()
        .filter(key -> !to.tags().containsKey(key))
        .sorted()
        .toList();
  }

  /** Returns a line for each field that changes, as {@code roleArn: old -> new}. */
  List<String> lines() {
    Map<String, String> before = fields(from);
    Map<String, String> after = fields(to);
    Set<String> names = new LinkedHashSet<>(before.keySet());
    names.addAll(after.keySet());
    return names.stream()
        .filter(name -> !Objects.equals(before.get(name), after.get(name)))
        .map(
            name ->
                name
                    + ": "
                    + before.getOrDefault(name, NONE)
                    + " -> "
                    + after.getOrDefault(name, NONE))
        .toList();
  }

  /** Returns the present fields of a spec as text, by their names. */
  static Map<String, String> fields(AssociationSpec spec) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("roleArn", spec.roleArn());
    if (spec.targetRoleArn() != null) {
      fields.put("targetRoleArn", spec.targetRoleArn());
    }
    fields.put("disableSessionTags", String.valueOf(spec.disableSessionTags()));
    if (spec.policy() != null) {
      fields.put("policy", spec.policy());
    }
    new TreeMap<>(spec.tags()).forEach((key, value) -> fields.put("tags." + key, value));
    return fields;
  }

  private static @Nullable String changed(@Nullable String before, @Nullable String after) {
    if (Objects.equals(before, after)) {
      return null;
    }
    return after == null ? "" : after;
  }
}
