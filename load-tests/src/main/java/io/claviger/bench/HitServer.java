package io.claviger.bench;

import java.nio.file.Path;

/**
 * A server that answers the same request repeatedly.
 *
 * @param plan with that request
 * @param pid of its process
 */
record HitServer(String name, Path plan, long pid) {

  static final String EDGE = "node-edge";
  static final String BARE = "bare Vert.x";
  static final String GO = "Go net/http";
}
