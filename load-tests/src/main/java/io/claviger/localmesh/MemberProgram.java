package io.claviger.localmesh;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How to start a process of the mesh.
 *
 * @param name unique in the mesh
 * @param command the program and its arguments
 * @param environment the complete environment
 * @param log the file to which the output of every start is appended
 * @param ready checks whether the process is ready
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
