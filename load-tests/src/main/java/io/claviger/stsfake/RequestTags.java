package io.claviger.stsfake;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The tags of a session to be, and which of them go on to what the session assumes. Tag keys are
 * compared without regard to case.
 *
 * @param tags by key, in the order of the call
 * @param transitiveKeys of the tags that go on
 */
record RequestTags(Map<String, String> tags, List<String> transitiveKeys) {

  private static final int MAX_TAGS = 50;
  private static final int MAX_KEY = 128;
  private static final int MAX_VALUE = 256;
  private static final Pattern KEY = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+");
  private static final Pattern VALUE = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");

  static RequestTags read(QueryForm form, Constraints constraints) {
    List<QueryForm.Member> members = form.structures("Tags", "Key");
    List<String> transitive = form.list("TransitiveTagKeys");
    constraints.count(members.size(), "tags", MAX_TAGS);
    constraints.count(transitive.size(), "transitiveTagKeys", MAX_TAGS);
    Map<String, String> tags = new LinkedHashMap<>();
    for (int i = 0; i < members.size(); i++) {
      String member = "tags." + (i + 1) + ".member.";
      String key = constraints.required(members.get(i).get("Key"), member + "key");
      String value = constraints.required(members.get(i).get("Value"), member + "value");
      constraints.length(key, member + "key", 1, MAX_KEY);
      constraints.pattern(key, member + "key", KEY);
      constraints.length(value, member + "value", 0, MAX_VALUE);
      constraints.pattern(value, member + "value", VALUE);
      tags.put(key, value);
    }
    constraints.check();
    checkKeys(members, transitive);
    return new RequestTags(tags, transitive);
  }

  private static void checkKeys(List<QueryForm.Member> members, List<String> transitive) {
    Set<String> keys = new HashSet<>();
    for (QueryForm.Member member : members) {
      String key = fold(String.valueOf(member.get("Key")));
      if (key.startsWith("aws:")) {
        throw refused("System tag keys cannot be added/updated");
      }
      if (!keys.add(key)) {
        throw refused("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
      }
    }
    if (!keys.containsAll(transitive.stream().map(RequestTags::fold).toList())) {
      throw refused("The specified transitive tag key must be included in the requested tags.");
    }
  }

  /** Refuses tags that the calling session hands on itself. */
  void checkAgainst(Map<String, String> inherited) {
    Set<String> taken = new HashSet<>(inherited.keySet().stream().map(RequestTags::fold).toList());
    if (tags.keySet().stream().map(RequestTags::fold).anyMatch(taken::contains)) {
      throw refused(
          "One of the specified transitive tag keys can't be set because it conflicts with a"
              + " transitive tag key from the calling session.");
    }
  }

  /** What goes on to the next session: what came, and what is marked here. */
  Map<String, String> transitive(Map<String, String> inherited) {
    Set<String> marked = new HashSet<>(transitiveKeys.stream().map(RequestTags::fold).toList());
    Map<String, String> onward = new LinkedHashMap<>(inherited);
    tags.forEach(
        (key, value) -> {
          if (marked.contains(fold(key))) {
            onward.put(key, value);
          }
        });
    return onward;
  }

  private static String fold(String key) {
    return key.toLowerCase(Locale.ROOT);
  }

  private static StsRefusal refused(String message) {
    return new StsRefusal(QueryError.invalidParameterValue(message));
  }
}
