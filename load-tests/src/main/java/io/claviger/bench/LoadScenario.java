package io.claviger.bench;

import java.util.List;
import java.util.Optional;

/** Something that is measured at a mesh, {@code claviger load NAME}. */
public interface LoadScenario {

  /** As it is called by. */
  String name();

  /** One line for a person. */
  String what();

  /**
   * Measures, at a mesh of its own.
   *
   * @throws io.claviger.localmesh.MeshException when there is no mesh, or it does not serve at all
   */
  LoadResult run(LoadContext context) throws InterruptedException;

  /** Every one, in the order in which {@code all} does them. */
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

  /** The one that is called so. */
  static Optional<LoadScenario> named(String name) {
    return all().stream().filter(scenario -> scenario.name().equals(name)).findFirst();
  }
}
