package io.claviger.localmesh;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How a member is started, every time.
 *
 * @param name unique in the mesh
 * @param command the program and its arguments
 * @param environment all of it
 * @param log what it says goes here, one start after the other
 * @param ready how it is seen to be ready
 */
record MemberProgram(
    String name,
    List<String> command,
    Map<String, String> environment,
    Path log,
    ReadyCheck ready) {

  MemberProgram {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }
}
