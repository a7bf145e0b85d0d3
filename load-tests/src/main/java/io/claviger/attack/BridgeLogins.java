package io.claviger.attack;

import static io.claviger.attack.BridgeClient.request;

import io.claviger.localmesh.LocalMesh;
import io.claviger.schemas.bus.BusProtocol;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Invalid logins: the broker answers with an error, and closes the connection. */
final class BridgeLogins {

  private static final int AT_ONCE = 8;

  private BridgeLogins() {}

  static void tokens(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    String right = mesh.token(BridgeClient.edgeToken(BridgeClient.NODE));
    refused(mesh, tally, EdgeTokenForgery.all(target, right), BridgeClient::login);
    refused(mesh, tally, bodies(right), body -> request(BusProtocol.LOGIN, Buffer.buffer(body)));
    try {
      tally.permits(
          "a login with the token on which all of these are based",
          BridgeClient.asStranger(mesh, one -> one.ask(BridgeClient.login(right))),
          reply -> reply.field("node").equals(BridgeClient.NODE));
    } catch (IOException e) {
      tally.broken("the token on which all of these are based could not be tried: " + e);
    }
    BridgeStrangers.permitted(mesh, tally);
  }

  /**
   * An invalid login.
   *
   * @param text of a token or a body
   * @param refusals one of them must be in the answer; a refusal for too many valid logins is
   *     another one
   */
  record Wrong(String text, List<String> refusals) {
    Wrong {
      refusals = List.copyOf(refusals);
    }

    Wrong(String text, String refusal) {
      this(text, List.of(refusal));
    }
  }

  private static void refused(
      LocalMesh mesh, Tally tally, Map<String, Wrong> logins, Function<String, Buffer> frame)
      throws InterruptedException {
    Together.each(
        logins.entrySet(),
        AT_ONCE,
        tally,
        login ->
            tally.refuses(
                "a login with " + login.getKey(),
                BridgeClient.asStranger(
                    mesh, one -> one.askLast(frame.apply(login.getValue().text()))),
                last ->
                    login.getValue().refusals().stream().anyMatch(last.reply()::isError)
                        && last.after() instanceof Ending.Closed(var said, var after)
                        && said.isEmpty()));
  }

  private static Map<String, Wrong> bodies(String token) {
    Map<String, Wrong> bodies = new LinkedHashMap<>();
    malformed(bodies, "no token", "{\"version\":2}");
    malformed(bodies, "an empty token", login(2, ""));
    malformed(bodies, "a blank token", login(2, "  "));
    malformed(bodies, "a token that is null", "{\"version\":2,\"token\":null}");
    malformed(bodies, "a token that is a list", "{\"version\":2,\"token\":[\"" + token + "\"]}");
    malformed(bodies, "a token that is an object", "{\"version\":2,\"token\":{}}");
    malformed(bodies, "no version", new JsonObject().put("token", token).encode());
    malformed(
        bodies, "a version that is no number", "{\"version\":\"two\",\"token\":\"" + token + "\"}");
    malformed(bodies, "an empty body", "{}");
    bodies.put("version 0", new Wrong(login(0, token), "is no longer supported"));
    bodies.put("version -1", new Wrong(login(-1, token), "is no longer supported"));
    bodies.put("version 99", new Wrong(login(99, token), "is too new for this broker"));
    return bodies;
  }

  private static void malformed(Map<String, Wrong> bodies, String name, String body) {
    bodies.put(name, new Wrong(body, "malformed login"));
  }

  private static String login(int version, String token) {
    return new JsonObject().put("version", version).put("token", token).encode();
  }
}
