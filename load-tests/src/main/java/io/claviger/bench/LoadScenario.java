package io.claviger.bench;

import java.util.List;
import java.util.Optional;

/** A measurement of a mesh, {@code claviger load NAME}. */
public interface LoadScenario {

  /** Its name on the command line. */
  String name();

  /** One line for a person. */
  String what();

  /**
   * Runs the measurement in a mesh of its own.
   *
   * @throws io.claviger.localmesh.MeshException when the mesh does not start, or does not serve at
   *     all
   */
  LoadResult run(LoadContext context) throws InterruptedException;

  /** All scenarios, in the order of {@code all}. */
  static List<LoadScenario> all() {
    return List.of(
        new HitScenario(),
        new MissScenario(),
        new ColdScenario(),
        new AwsGateScenario(),
        new ScaleScenario(),
        new RestartScenario(),
        new SteadyScenario());
  }

  /** The scenario of this name. */
  static Optional<LoadScenario> named(String name) {
    return all().stream().filter(scenario -> scenario.name().equals(name)).findFirst();
  }
}
