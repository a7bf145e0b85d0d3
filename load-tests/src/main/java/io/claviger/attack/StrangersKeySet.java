package io.claviger.attack;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An unregistered key set on loopback, for tokens that name the address of their key. A server that
 * follows the address finds the key of these tokens. Counts the fetches.
 */
final class StrangersKeySet implements AutoCloseable {

  private final AtomicInteger fetched = new AtomicInteger();
  private final HttpServer server;

  /** Serves a key until it is closed. */
  StrangersKeySet(RSAKey key) {
    byte[] body = new JWKSet(key).toString().getBytes(UTF_8);
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", exchange -> answer(exchange, body));
    server.start();
  }

  private void answer(HttpExchange exchange, byte[] body) throws IOException {
    try (exchange) {
      fetched.incrementAndGet();
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** The key set's address. */
  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/jwks.json";
  }

  /** The number of fetches so far. */
  int fetched() {
    return fetched.get();
  }

  /** Whether the key set can be fetched; this counts as a fetch. */
  boolean isServed() {
    int before = fetched();
    return SearchedPlaces.get(address()).statusCode() == 200 && fetched() == before + 1;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
