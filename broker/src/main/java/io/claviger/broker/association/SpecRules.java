package io.claviger.broker.association;

import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.SchemaJson.MalformedRecordException;
import io.claviger.schemas.association.AssociationOutcome.Refused;
import io.claviger.schemas.association.RevokedSubject;
import io.claviger.schemas.association.TagScope;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules for the fields of an association: those of EKS's API and of Kubernetes names. */
final class SpecRules {

  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern DNS_NAME =
      Pattern.compile(
          "(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern ROLE_ARN =
      Pattern.compile("arn:aws[a-z-]*:iam::(\\d{12}):role/([\\x21-\\x7e]*/)?[\\w+=,.@-]{1,64}");
  private static final Pattern UID = Pattern.compile("[A-Za-z0-9-]{1,128}");
  private static final String NO_ROLE_ARN =
      "not the ARN of an IAM role, such as arn:aws:iam::123456789012:role/path/name";
  private static final int MAX_POLICY = 2048;

  /** STS, AssumeRole, Policy. */
  private static final Pattern POLICY_CHARACTERS = Pattern.compile("[\\t\\n\\r\\x20-\\xff]*");

  private static final Set<String> POLICY_FIELDS = Set.of("Version", "Id", "Statement");
  private static final String POLICY_VERSION = "2012-10-17";
  private static final Set<Object> POLICY_VERSIONS = Set.of(POLICY_VERSION, "2008-10-17");

  /** Such a character is invisible in a list or a log, and cannot be typed to remove the tag. */
  private static final Pattern INVISIBLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

  private static final int MAX_TAGS = 50;
  private static final int MAX_TAG_KEY = 128;
  private static final int MAX_TAG_VALUE = 256;

  private SpecRules() {}

  static Optional<Refused> names(String namespace, String serviceAccount) {
    if (!NAMESPACE.matcher(namespace).matches()) {
      return invalid(
          "namespace",
          "not a Kubernetes namespace name: 1 to 63 of a-z, 0-9 and -, with no - at either end");
    }
    if (!DNS_NAME.matcher(serviceAccount).matches()) {
      return invalid(
          "serviceAccount",
          "not a Kubernetes service account name: 1 to 253 of a-z, 0-9, - and ., a letter or digit"
              + " first and last, and on both sides of each .");
    }
    return Optional.empty();
  }

  static Optional<Refused> roles(
      ClusterRules rules, String roleArn, @Nullable String targetRoleArn) {
    var role = ROLE_ARN.matcher(roleArn);
    if (!role.matches()) {
      return invalid("roleArn", NO_ROLE_ARN);
    }
    if (!rules.rolesOfOtherAccounts() && !rules.account().equals(role.group(1))) {
      return invalid(
          "roleArn",
          "the role must be in the cluster's account "
              + rules.account()
              + "; for a role elsewhere use targetRoleArn");
    }
    if (targetRoleArn != null && !ROLE_ARN.matcher(targetRoleArn).matches()) {
      return invalid("targetRoleArn", NO_ROLE_ARN);
    }
    return Optional.empty();
  }

  static Optional<Refused> policy(@Nullable String policy, boolean disableSessionTags) {
    if (policy == null) {
      return Optional.empty();
    }
    if (!disableSessionTags) {
      return invalid("policy", "needs disableSessionTags: true");
    }
    if (policy.length() > MAX_POLICY) {
      return invalid("policy", policy.length() + " characters, of at most " + MAX_POLICY);
    }
    if (!POLICY_CHARACTERS.matcher(policy).matches()) {
      return invalid("policy", "has a character that is neither printable Latin-1 nor white space");
    }
    return policyProblem(policy).flatMap(problem -> invalid("policy", problem));
  }

  /** STS alone checks the statements, because it knows every service. */
  private static Optional<String> policyProblem(String policy) {
    Map<String, Object> fields;
    try {
      fields = SchemaJson.readObject(policy);
    } catch (MalformedRecordException e) {
      return Optional.of("not a JSON object, or one with a duplicate field");
    }
    if (!POLICY_FIELDS.containsAll(fields.keySet())) {
      return Optional.of("has a field other than Version, Id and Statement");
    }
    if (fields.containsKey("Version") && !isVersion(fields.get("Version"))) {
      return Optional.of("its Version is not " + POLICY_VERSION);
    }
    return isStatements(fields.get("Statement"))
        ? Optional.empty()
        : Optional.of("its Statement is neither an object nor a list of objects");
  }

  private static boolean isVersion(@Nullable Object version) {
    return version != null && POLICY_VERSIONS.contains(version);
  }

  private static boolean isStatements(@Nullable Object statement) {
    return statement instanceof Map<?, ?>
        || (statement instanceof List<?> list
            && !list.isEmpty()
            && list.stream().allMatch(Map.class::isInstance));
  }

  static Optional<Refused> tags(Map<String, String> tags) {
    if (tags.size() > MAX_TAGS) {
      return invalid("tags", tags.size() + " of them, of at most " + MAX_TAGS);
    }
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      Optional<Refused> refused = tag(tag.getKey(), tag.getValue());
      if (refused.isPresent()) {
        return refused;
      }
    }
    return Optional.empty();
  }

  private static Optional<Refused> tag(String key, String value) {
    if (key.isEmpty() || key.length() > MAX_TAG_KEY) {
      return invalid("tags", "a key has 1 to 128 characters");
    }
    if (INVISIBLE.matcher(key).find() || INVISIBLE.matcher(value).find()) {
      return invalid("tags", "a key or a value has a control character");
    }
    if (key.toLowerCase(Locale.ROOT).startsWith("aws:")) {
      return invalid("tags", "keys that start with aws: are reserved");
    }
    if (value.length() > MAX_TAG_VALUE) {
      return invalid(
          "tags",
          "the value of "
              + key
              + " has "
              + value.length()
              + " characters, of at most "
              + MAX_TAG_VALUE);
    }
    if (key.equals(TagScope.TAG)) {
      try {
        TagScope.of(value);
      } catch (IllegalArgumentException e) {
        return invalid("tags", String.valueOf(e.getMessage()));
      }
    }
    return Optional.empty();
  }

  /**
   * Checks whether a subject can be revoked. Names are sent to edges, in frames of a bounded size.
   */
  static Optional<Refused> subject(RevokedSubject subject) {
    String name = subject.name();
    return switch (subject.kind()) {
      case ROLE -> unless(ROLE_ARN.matcher(name).matches(), "not the ARN of an IAM role");
      case WORKLOAD -> unless(isNamespaced(name), "not NAMESPACE/SERVICEACCOUNT");
      case NODE -> unless(DNS_NAME.matcher(name).matches(), "not the name of a node");
      case POD ->
          unless(
              isNamespaced(name) || UID.matcher(name).matches(),
              "neither NAMESPACE/NAME nor the uid of a pod");
    };
  }

  private static Optional<Refused> unless(boolean valid, String problem) {
    return valid ? Optional.empty() : invalid("name", problem);
  }

  private static boolean isNamespaced(String name) {
    int slash = name.indexOf('/');
    return slash > 0
        && NAMESPACE.matcher(name.substring(0, slash)).matches()
        && DNS_NAME.matcher(name.substring(slash + 1)).matches();
  }

  private static Optional<Refused> invalid(String field, String problem) {
    return Optional.of(Refusals.invalid(field, problem));
  }
}
