package io.claviger.mesh;

import io.claviger.broker.app.AssociationsCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import picocli.CommandLine;

/** Seeds by the operator's own command, which sends commands on Kafka. */
final class CommandSeeds implements AssociationSeeds {

  @Override
  public void apply(String bootstrapServers, String cluster, Path manifest) {
    StringWriter refused = new StringWriter();
    int code =
        new CommandLine(new AssociationsCommand())
            .setOut(new PrintWriter(new StringWriter()))
            .setErr(new PrintWriter(refused))
            .execute(
                "apply",
                "--kafka",
                bootstrapServers,
                "--cluster",
                cluster,
                "--file",
                manifest.toString());
    if (code != 0) {
      throw new MeshException(manifest + " cannot be applied:\n" + refused.toString().strip());
    }
  }
}
