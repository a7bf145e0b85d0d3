package io.claviger.broker.cli;

import static io.claviger.broker.cli.SignedJsonServer.JSON;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.claviger.broker.cli.SignedJsonServer.Answer;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The EKS API's associations in memory, over HTTP. Shapes and errors are those of EKS. */
final class FakeEks implements AutoCloseable {

  private static final String CLUSTER = "/clusters/one/pod-identity-associations";
  private static final String REVOCATIONS = "/clusters/one/revocations";
  private static final String UID = "/clusters/one/uid";
  private static final String ARN =
      "arn:aws:eks:eu-central-1:123456789012:podidentityassociation/one/";

  private final Map<String, ObjectNode> byId = new TreeMap<>();
  private final Map<String, ObjectNode> revoked = new TreeMap<>();
  private Predicate<ObjectNode> refused = input -> false;
  private Runnable beforeCreate = () -> {};
  private int created;
  private final SignedJsonServer server = new SignedJsonServer(this::route);

  URI endpoint() {
    return server.endpoint();
  }

  /** Method and path of each request, without reads. */
  List<String> writes() {
    return requests().stream().filter(request -> !request.startsWith("GET")).toList();
  }

  List<String> requests() {
    return server.requests();
  }

  /** Denies creations and updates whose input matches. */
  void refuse(Predicate<ObjectNode> which) {
    refused = which;
  }

  /** Runs the task once, before the next creation: it stands for a faster client. */
  void beforeNextCreate(Runnable task) {
    beforeCreate = task;
  }

  synchronized void clear() {
    byId.clear();
  }

  synchronized int size() {
    return byId.size();
  }

  String add(String namespace, String serviceAccount, String role) {
    return add(namespace, serviceAccount, role, null);
  }

  synchronized String add(
      String namespace, String serviceAccount, String role, @Nullable String targetRole) {
    ObjectNode input = JSON.createObjectNode();
    input.put("namespace", namespace);
    input.put("serviceAccount", serviceAccount);
    input.put("roleArn", role);
    if (targetRole != null) {
      input.put("targetRoleArn", targetRole);
    }
    return add(input).get("associationId").asText();
  }

  private ObjectNode add(ObjectNode input) {
    String id = "a-%017d".formatted(++created);
    ObjectNode one = input.deepCopy();
    one.remove("clientRequestToken");
    one.put("clusterName", "one");
    one.put("associationId", id);
    one.put("associationArn", ARN + id);
    one.put("createdAt", 1795608000.5);
    one.put("modifiedAt", 1795608000.5);
    if (!one.has("disableSessionTags")) {
      one.put("disableSessionTags", false);
    }
    byId.put(id, one);
    return one;
  }

  private synchronized Answer route(
      String method, String path, Map<String, List<String>> query, ObjectNode input) {
    if (path.startsWith("/tags/")) {
      return tags(method, path.substring(path.lastIndexOf('/') + 1), query, input);
    }
    if (path.equals(REVOCATIONS)) {
      return revocations(method, query, input);
    }
    if (path.equals(UID)) {
      return new Answer(200, null, input);
    }
    if (!path.startsWith(CLUSTER)) {
      return Answer.error(404, "ResourceNotFoundException", "No cluster found");
    }
    if (path.equals(CLUSTER)) {
      return method.equals("GET") ? list(query) : create(input);
    }
    String id = path.substring(CLUSTER.length() + 1);
    if (!byId.containsKey(id)) {
      return Answer.error(404, "ResourceNotFoundException", "No association found: " + id);
    }
    return switch (method) {
      case "GET" -> association(byId.get(id));
      case "POST" -> update(byId.get(id), input);
      default -> association(byId.remove(id));
    };
  }

  private Answer revocations(String method, Map<String, List<String>> query, ObjectNode input) {
    ObjectNode answer = JSON.createObjectNode();
    switch (method) {
      case "GET" -> answer.putArray("revocations").addAll(revoked.values());
      case "POST" -> {
        ObjectNode one = input.deepCopy().put("since", 1795608000.5).put("actor", "key/admin");
        revoked.put(one.get("kind").asText() + one.get("name").asText(), one);
        answer.set("revocation", one);
      }
      default -> {
        String name =
            query.getOrDefault("kind", List.of("")).getFirst()
                + query.getOrDefault("name", List.of("")).getFirst();
        if (!revoked.containsKey(name)) {
          return Answer.error(404, "ResourceNotFoundException", "Nothing is revoked for " + name);
        }
        answer.set("revocation", revoked.remove(name));
      }
    }
    return new Answer(200, null, answer);
  }

  private Answer list(Map<String, List<String>> query) {
    List<ObjectNode> found =
        byId.values().stream()
            .filter(one -> matches(one, query, "namespace"))
            .filter(one -> matches(one, query, "serviceAccount"))
            .toList();
    int from = Integer.parseInt(query.getOrDefault("nextToken", List.of("0")).getFirst());
    int to =
        Math.min(
            found.size(),
            from + Integer.parseInt(query.getOrDefault("maxResults", List.of("100")).getFirst()));
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode page = answer.putArray("associations");
    found.subList(from, to).forEach(one -> page.add(summary(one)));
    answer.put("nextToken", to < found.size() ? String.valueOf(to) : null);
    return new Answer(200, null, answer);
  }

  private static boolean matches(ObjectNode one, Map<String, List<String>> query, String field) {
    return !query.containsKey(field) || query.get(field).getFirst().equals(one.get(field).asText());
  }

  private static ObjectNode summary(ObjectNode one) {
    ObjectNode summary = JSON.createObjectNode();
    for (String field :
        List.of("clusterName", "namespace", "serviceAccount", "associationArn", "associationId")) {
      summary.set(field, one.get(field));
    }
    return summary;
  }

  private Answer create(ObjectNode input) {
    Runnable before = beforeCreate;
    beforeCreate = () -> {};
    before.run();
    if (!input.has("clientRequestToken")) {
      return Answer.error(400, "InvalidParameterException", "no clientRequestToken");
    }
    if (refused.test(input)) {
      return Answer.error(403, "AccessDeniedException", "no grant for " + input.get("roleArn"));
    }
    for (ObjectNode one : byId.values()) {
      if (one.get("namespace").equals(input.get("namespace"))
          && one.get("serviceAccount").equals(input.get("serviceAccount"))) {
        String id = one.get("associationId").asText();
        return Answer.error(409, "ResourceInUseException", "Association already exists: " + id);
      }
    }
    return association(add(input));
  }

  private Answer update(ObjectNode one, ObjectNode input) {
    if (refused.test(input)) {
      return Answer.error(403, "AccessDeniedException", "no grant for " + input.get("roleArn"));
    }
    ObjectNode changed = one.deepCopy();
    for (String field : List.of("roleArn", "targetRoleArn", "policy", "disableSessionTags")) {
      if (input.path(field).isTextual() && input.get(field).asText().isEmpty()) {
        changed.remove(field);
      } else if (input.has(field)) {
        changed.set(field, input.get(field));
      }
    }
    if (changed.equals(one)) {
      return Answer.error(400, "InvalidParameterException", "nothing changes");
    }
    if (changed.has("policy") && !changed.get("disableSessionTags").asBoolean()) {
      return Answer.error(400, "InvalidParameterException", "policy needs disableSessionTags");
    }
    one.setAll(changed);
    one.retain(new ArrayList<>(fields(changed)));
    return association(one);
  }

  private Answer tags(String method, String id, Map<String, List<String>> query, ObjectNode input) {
    if (!byId.containsKey(id)) {
      return Answer.error(404, "NotFoundException", "No association found: " + id);
    }
    ObjectNode tags = byId.get(id).withObject("/tags");
    if (method.equals("POST")) {
      tags.setAll((ObjectNode) input.get("tags"));
    } else {
      tags.remove(query.get("tagKeys"));
    }
    return new Answer(200, null, JSON.createObjectNode());
  }

  private static Answer association(JsonNode one) {
    return new Answer(200, null, JSON.createObjectNode().set("association", one.deepCopy()));
  }

  private static List<String> fields(ObjectNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Override
  public void close() {
    server.close();
  }
}
