package io.claviger.bench;

import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.MeshException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An edge that answers from memory, compared with servers that do nothing else. */
final class HitScenario implements LoadScenario {

  private static final String GENERATION = "hit";

  @Override
  public String name() {
    return "hit";
  }

  @Override
  public String what() {
    return "an edge answers from memory, compared with a bare Vert.x server and Go's net/http";
  }

  @Override
  public LoadResult run(LoadContext context) throws InterruptedException {
    List<ServerProcess> others = new ArrayList<>();
    try (LocalMesh mesh = context.start(options -> options.withMembers(2, 1));
        LoadGenerator generator = LoadGenerator.start()) {
      long ready = System.nanoTime();
      EdgeMember edge = mesh.edge(1);
      Accounts accounts = new Accounts(mesh);
      accounts.associate(GENERATION, 1);
      String token = accounts.token(GENERATION, 0, "hit-0", edge);
      Path body = accounts.write("hit.json", body(edge.credentials(), token));
      ServerProcess bare = ServerProcess.bare(body);
      others.add(bare);
      List<HitServer> servers = new ArrayList<>();
      servers.add(
          server(accounts, HitServer.EDGE, edge.listen().port(), token, edge.member().pid()));
      servers.add(server(accounts, HitServer.BARE, bare.port(), token, bare.pid()));
      ServerProcess.go(mesh.options().directory(), token, body)
          .ifPresentOrElse(
              go -> {
                others.add(go);
                servers.add(server(accounts, HitServer.GO, go.port(), token, go.pid()));
              },
              () -> context.progress().accept("Go is not installed: measuring without its server"));
      context.settle(ready);
      HitRounds rounds = new HitRounds(context, generator, servers);
      rounds.measure();
      return rounds.result(this);
    } finally {
      others.forEach(ServerProcess::close);
    }
  }

  private static HitServer server(
      Accounts accounts, String name, int port, String token, long pid) {
    return new HitServer(
        name, accounts.plan("hit-" + port, List.of(PlannedRequest.line(port, token))), pid);
  }

  private static String body(URI credentials, String token) throws InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(credentials).header("Authorization", token).build();
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new MeshException("the edge answered with status " + answer.statusCode());
      }
      return answer.body();
    } catch (IOException e) {
      throw new MeshException("the edge does not answer: " + e.getMessage(), e);
    }
  }
}
