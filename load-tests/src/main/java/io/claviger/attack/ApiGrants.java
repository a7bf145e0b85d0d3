package io.claviger.attack;

import static io.claviger.attack.HttpReply.DENIED;
import static io.claviger.attack.HttpReply.NOT_FOUND;

import io.claviger.localmesh.LocalMesh;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Requests with registered keys that their grants do not cover. */
final class ApiGrants {

  private static final int OK = 200;
  private static final int FORBIDDEN = 403;

  /** The status in the EKS Auth API's model. */
  private static final int FORBIDDEN_TO_ASSUME = 400;

  private static final String ELSEWHERE = "attack-elsewhere";
  private static final String NODE = "node-1";

  private final LocalMesh mesh;
  private final Tally tally;
  private final LimitedKeys keys;

  private ApiGrants(LocalMesh mesh, Tally tally) throws InterruptedException {
    this.mesh = mesh;
    this.tally = tally;
    this.keys = LimitedKeys.register(mesh);
    for (String name : List.of("own-app", "own-tags")) {
      key(LimitedKeys.OWN).associate(LimitedKeys.NAMESPACE, name);
    }
    admin().associate(ELSEWHERE, "app");
  }

  private ApiCaller admin() {
    return ApiCaller.admin(mesh, mesh.broker(1));
  }

  private ApiCaller key(String name) {
    return keys.caller(name, mesh.broker(1));
  }

  static void grants(Target target, Tally tally) throws InterruptedException {
    ApiGrants grants = new ApiGrants(target.mesh(), tally);
    grants.creating();
    String others = grants.id(ELSEWHERE, "app");
    String own = grants.id(LimitedKeys.NAMESPACE, "own-app");
    grants.denied("its own key, on another namespace's", LimitedKeys.OWN, others);
    grants.denied("a key of another cluster", LimitedKeys.ELSEWHERE, own);
    grants.denied("a key without grants", LimitedKeys.NOTHING, own);
    grants.elsewhere();
    grants.reader(own);
    grants.seen();
  }

  private void creating() {
    ApiCaller own = key(LimitedKeys.OWN);
    Map<String, HttpReply> replies = new LinkedHashMap<>();
    replies.put("another namespace", own.create(ELSEWHERE, "x", ApiCaller.role("own-x")));
    replies.put(
        "its namespace as a prefix", own.create("attack-own-2", "x", ApiCaller.role("own-x")));
    replies.put("its namespace's suffix", own.create("own", "x", ApiCaller.role("own-x")));
    replies.put("another role", own.create(LimitedKeys.NAMESPACE, "x", ApiCaller.role("admin")));
    replies.put(
        "a role in upper case", own.create(LimitedKeys.NAMESPACE, "x", ApiCaller.role("OWN-x")));
    replies.put(
        "a role of another path",
        own.create(LimitedKeys.NAMESPACE, "x", "arn:aws:iam::123456789012:role/own-x"));
    replies.put(
        "another target role",
        own.call(
            ApiRequest.post(
                own.path("/pod-identity-associations"),
                new JsonObject()
                    .put("namespace", LimitedKeys.NAMESPACE)
                    .put("serviceAccount", "x")
                    .put("roleArn", ApiCaller.role("own-x"))
                    .put("targetRoleArn", ApiCaller.role("admin"))
                    .encode())));
    replies.forEach(
        (name, reply) ->
            tally.refuses("creating for " + name, reply, it -> it.is(FORBIDDEN, DENIED)));
    tally.refuses(
        "creating for a role of another account",
        own.create(LimitedKeys.NAMESPACE, "x", "arn:aws:iam::999999999999:role/pods/own-x"),
        reply -> reply.is(400, "InvalidParameterException"));
    tally.permits(
        "creating for its own namespace and role",
        own.create(LimitedKeys.NAMESPACE, "own-new", ApiCaller.role("own-new")),
        reply -> reply.is(OK) || reply.is(409, "ResourceInUseException"));
  }

  private String id(String namespace, String serviceAccount) {
    return admin()
        .call(
            ApiRequest.get(
                admin()
                    .path(
                        "/pod-identity-associations?namespace="
                            + namespace
                            + "&serviceAccount="
                            + serviceAccount)))
        .json()
        .getJsonArray("associations")
        .getJsonObject(0)
        .getString("associationId");
  }

  /** Every operation on an association. */
  private void denied(String who, String key, String id) {
    ApiCaller caller = key(key);
    String one = caller.path("/pod-identity-associations/" + id);
    String arn =
        "/tags/"
            + ApiCaller.encoded(
                "arn:aws:eks:%s:123456789012:podidentityassociation/local/%s"
                    .formatted(mesh.options().cluster().region(), id));
    Map<String, ApiRequest> requests = new LinkedHashMap<>();
    requests.put("describes", ApiRequest.get(one));
    requests.put(
        "updates", ApiRequest.post(one, "{\"roleArn\":\"" + ApiCaller.role("own-x") + "\"}"));
    requests.put("deletes", ApiRequest.delete(one));
    requests.put("deletes with If-Match: *", ApiRequest.delete(one).with("If-Match: *"));
    requests.put("reads the tags", ApiRequest.get(arn));
    requests.put("tags", ApiRequest.post(arn, "{\"tags\":{\"a\":\"b\"}}"));
    requests.put("removes a tag", ApiRequest.delete(arn + "?tagKeys=a"));
    requests.forEach(
        (what, request) ->
            tally.refuses(
                who + ", " + what, caller.call(request), reply -> reply.is(FORBIDDEN, DENIED)));
    tally.permits("the operator describes it", admin().call(ApiRequest.get(one)), it -> it.is(OK));
  }

  /** Operations that do not concern one association. */
  private void elsewhere() {
    for (String key : List.of(LimitedKeys.NOTHING, LimitedKeys.ELSEWHERE)) {
      ApiCaller caller = key(key);
      for (String path : List.of("", "/pod-identity-associations", "/revocations")) {
        tally.refuses(
            key + " reads " + path,
            caller.call(ApiRequest.get(caller.path(path))),
            reply -> reply.is(FORBIDDEN, DENIED));
      }
      tally.refuses(
          key + " sees a cluster",
          caller.call(ApiRequest.get("/clusters")),
          reply -> reply.is(OK) && reply.json().getJsonArray("clusters").isEmpty());
      tally.refuses(
          key + " revokes", caller.revoke("pod", "a/b"), reply -> reply.is(FORBIDDEN, DENIED));
      tally.refuses(
          key + " lifts", caller.restore("pod", "a/b"), reply -> reply.is(FORBIDDEN, DENIED));
      tally.refuses(
          key + " fetches credentials",
          caller.assume(mesh.token(LimitedKeys.NAMESPACE, "own-app", "app-0", NODE)),
          reply -> reply.is(FORBIDDEN_TO_ASSUME, DENIED));
    }
    for (String key : List.of(LimitedKeys.OWN, LimitedKeys.READER, LimitedKeys.NOTHING)) {
      ApiCaller caller = key(key);
      tally.refuses(
          key + " sets the cluster's uid",
          caller.call(
              ApiRequest.post(caller.path("/uid"), "{\"uid\":\"attack\"}").withMethod("PUT")),
          reply -> reply.is(FORBIDDEN, DENIED));
      tally.refuses(
          key + " reads a cluster that does not exist",
          caller.call(ApiRequest.get("/clusters/elsewhere/pod-identity-associations")),
          reply -> reply.is(404, NOT_FOUND));
    }
  }

  private void reader(String own) {
    ApiCaller reader = key(LimitedKeys.READER);
    String one = reader.path("/pod-identity-associations/" + own);
    tally.refuses(
        "a reader creates",
        reader.create(LimitedKeys.NAMESPACE, "read", ApiCaller.role("own-x")),
        reply -> reply.is(FORBIDDEN, DENIED));
    tally.refuses(
        "a reader changes the role",
        reader.call(ApiRequest.post(one, "{\"roleArn\":\"" + ApiCaller.role("own-y") + "\"}")),
        reply -> reply.is(FORBIDDEN, DENIED));
    tally.refuses(
        "a reader revokes",
        reader.revoke("pod", LimitedKeys.NAMESPACE + "/x"),
        reply -> reply.is(FORBIDDEN, DENIED));
    tally.refuses(
        "a reader fetches credentials",
        reader.assume(mesh.token(LimitedKeys.NAMESPACE, "own-app", "app-0", NODE)),
        reply -> reply.is(FORBIDDEN_TO_ASSUME, DENIED));
    tally.permits("a reader reads", reader.call(ApiRequest.get(one)), reply -> reply.is(OK));
  }

  /** A list contains only what the key may see, whatever the request. */
  private void seen() {
    ApiCaller own = key(LimitedKeys.OWN);
    String path = own.path("/pod-identity-associations");
    tally.refuses(
        "listing another namespace",
        own.call(ApiRequest.get(path + "?namespace=" + ELSEWHERE)),
        reply -> reply.is(OK) && reply.json().getJsonArray("associations").isEmpty());
    tally.refuses(
        "listing all namespaces",
        own.call(ApiRequest.get(path)),
        reply -> reply.is(OK) && namespaces(reply).equals(Set.of(LimitedKeys.NAMESPACE)));
    tally.permits(
        "the operator lists another namespace",
        admin().call(ApiRequest.get(path + "?namespace=" + ELSEWHERE)),
        reply -> reply.is(OK) && namespaces(reply).equals(Set.of(ELSEWHERE)));
  }

  private static Set<String> namespaces(HttpReply reply) {
    return reply.list("associations").stream()
        .map(JsonObject.class::cast)
        .map(one -> one.getString("namespace"))
        .collect(Collectors.toSet());
  }
}
