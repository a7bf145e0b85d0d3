package io.claviger.attack;

import io.claviger.config.bridge.BridgeFrames;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.TokenRequest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Requests of a node's connection for other nodes' data. */
final class BridgeNodes {

  private static final String NODE = BridgeClient.NODE;
  private static final String OTHER_NODE = BridgeClient.OTHER_NODE;

  /**
   * A login on a connection that is already logged in.
   *
   * @param refusal the expected error
   */
  private record SecondLogin(String token, String refusal) {}

  private BridgeNodes() {}

  static void otherNodes(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    ApiCaller.admin(mesh, mesh.broker(1)).associate("attack-bridge", "app");
    TokenRequest pod = TokenRequest.ofPod("attack-bridge", "app", "app-0", NODE);
    String elsewhere = mesh.token("attack-bridge", "app", "app-1", OTHER_NODE);
    Map<String, Buffer> wrongNode = new LinkedHashMap<>();
    wrongNode.put("the token of another node's pod", BridgeClient.credentials(elsewhere));
    wrongNode.put("the same, with its node in the body", stamped(elsewhere, false));
    wrongNode.put("the same, with its node in the frame", stamped(elsewhere, true));
    refused(mesh, tally, wrongNode, "WRONG_NODE");
    refused(
        mesh,
        tally,
        Map.of(
            "a pod's token with another key",
            BridgeClient.credentials(mesh.issuer().impostor().token(pod)),
            "a pod's token of another issuer",
            BridgeClient.credentials(mesh.issuer().named("https://other.test").token(pod)),
            "no token at all",
            BridgeClient.credentials("x")),
        "INVALID_TOKEN");
    refused(
        mesh,
        tally,
        Map.of(
            "the edge's own token as a pod's",
            BridgeClient.credentials(mesh.token(BridgeClient.edgeToken(NODE)))),
        "WRONG_AUDIENCE");
    refused(
        mesh,
        tally,
        Map.of(
            "an expired pod token",
            BridgeClient.credentials(mesh.token(pod.withLife(Duration.ofMinutes(-10))))),
        "EXPIRED_TOKEN");
    tally.refuses(
        "a pod's token without a node",
        BridgeSessions.goesOn(mesh, BridgeClient.credentials(mesh.token(pod.withoutNode())))
            .reply(),
        reply -> List.of("refused", "unavailable").contains(reply.field("type")));
    otherLogins(mesh, tally);
    tally.permits(
        "the token of a pod of the node",
        BridgeSessions.goesOn(mesh, BridgeClient.credentials(mesh.token(pod))).reply(),
        reply -> reply.field("type").equals("issued"));
    BridgeSessions.permitted(mesh, tally);
  }

  private static void otherLogins(LocalMesh mesh, Tally tally) throws InterruptedException {
    Map<String, SecondLogin> logins =
        Map.of(
            "another node's edge",
            new SecondLogin(
                mesh.token(BridgeClient.edgeToken(OTHER_NODE)),
                "the token is of another cluster or node than the connection"),
            "a pod",
            new SecondLogin(
                mesh.token("attack-bridge", "app", "app-0", NODE),
                "the token's audience does not include"),
            "an expired token of its own",
            new SecondLogin(
                mesh.token(BridgeClient.edgeToken(NODE).withLife(Duration.ofMinutes(-1))),
                "the token has expired"));
    Together.each(
        logins.entrySet(),
        tally,
        login ->
            tally.refuses(
                "a second login, as " + login.getKey(),
                BridgeClient.asEdge(
                    mesh, edge -> edge.askLast(BridgeClient.login(login.getValue().token()))),
                last ->
                    last.reply().isError(login.getValue().refusal())
                        && last.after() instanceof Ending.Closed));
    tally.permits(
        "a second login, as the same edge",
        BridgeSessions.goesOn(mesh, BridgeClient.login(mesh.token(BridgeClient.edgeToken(NODE)))),
        it ->
            it.reply().field("node").equals(NODE)
                && it.ping() instanceof BridgeReply.Frame pong
                && pong.type().equals(BridgeFrames.PONG));
  }

  private static void refused(
      LocalMesh mesh, Tally tally, Map<String, Buffer> requests, String reason)
      throws InterruptedException {
    Together.each(
        requests.entrySet(),
        tally,
        one ->
            tally.refuses(
                one.getKey(),
                BridgeSessions.goesOn(mesh, one.getValue()).reply(),
                reply ->
                    reply.field("type").equals("refused") && reply.field("reason").equals(reason)));
  }

  private static Buffer stamped(String token, boolean inTheFrame) {
    JsonObject frame =
        BridgeClient.credentials(token)
            .getBuffer(4, BridgeClient.credentials(token).length())
            .toJsonObject();
    JsonObject stamped = inTheFrame ? frame : frame.getJsonObject("body");
    stamped.put("node", OTHER_NODE).put("cluster", "local").put("session", OTHER_NODE);
    frame.put("headers", new JsonObject().put("node", OTHER_NODE));
    return BridgeClient.frame(frame.encode());
  }
}
