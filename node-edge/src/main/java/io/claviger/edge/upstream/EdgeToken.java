package io.claviger.edge.upstream;

import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.Login;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The edge's own service-account token, read from its file each time: the kubelet rotates it. */
final class EdgeToken {

  private final Vertx vertx;
  private final Path file;

  EdgeToken(Vertx vertx, Path file) {
    this.vertx = vertx;
    this.file = file;
  }

  /** Returns a login with the current token; fails if the file cannot be read or is empty. */
  Future<Login> login() {
    return vertx
        .fileSystem()
        .readFile(file.toString())
        .map(bytes -> new Login(BusProtocol.VERSION, text(bytes)));
  }

  private static String text(Buffer bytes) {
    return bytes.toString(StandardCharsets.UTF_8).strip();
  }
}
