package io.claviger.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A JSON API over HTTP that accepts requests signed for EKS, and records each request. */
final class SignedJsonServer implements AutoCloseable {

  static final ObjectMapper JSON = new ObjectMapper();

  /** Answers a decoded request. If a request has no body, the input is an empty object. */
  interface Route {
    Answer answer(String method, String path, Map<String, List<String>> query, ObjectNode input);
  }

  record Answer(int status, @Nullable String error, JsonNode body) {
    static Answer error(int status, String type, String message) {
      return new Answer(status, type, JSON.createObjectNode().put("message", message));
    }
  }

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private final Route route;

  SignedJsonServer(Route route) {
    this.route = route;
    // Head and body are written separately: without this, each response waits for an ACK.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Method and path of each request. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String path = exchange.getRequestURI().getRawPath();
    requests.add(exchange.getRequestMethod() + " " + path);
    String signed = exchange.getRequestHeaders().getFirst("Authorization");
    Answer answer =
        signed == null || !signed.contains("/eu-central-1/eks/aws4_request")
            ? Answer.error(403, "MissingAuthenticationTokenException", "not signed for eks")
            : route.answer(
                exchange.getRequestMethod(),
                URLDecoder.decode(path, StandardCharsets.UTF_8),
                query(exchange.getRequestURI()),
                body.isEmpty() ? JSON.createObjectNode() : (ObjectNode) JSON.readTree(body));
    byte[] bytes = JSON.writeValueAsBytes(answer.body());
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    if (answer.error() != null) {
      exchange.getResponseHeaders().add("x-amzn-ErrorType", answer.error());
    }
    exchange.sendResponseHeaders(answer.status(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static Map<String, List<String>> query(URI uri) {
    Map<String, List<String>> query = new HashMap<>();
    if (uri.getRawQuery() != null) {
      for (String pair : uri.getRawQuery().split("&", -1)) {
        String[] parts = pair.split("=", 2);
        query
            .computeIfAbsent(parts[0], name -> new ArrayList<>())
            .add(URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
      }
    }
    return query;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
