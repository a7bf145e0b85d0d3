package io.claviger.launcher;

import io.claviger.localmesh.ProjectLayout;
import io.claviger.reference.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code claviger docs}: run it after a change of a setting or a meter. */
@Command(
    name = "docs",
    description = "Writes docs/configuration.md and docs/metrics.md from the sources.",
    mixinStandardHelpOptions = true)
final class DocsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    Path top = ProjectLayout.find().top();
    for (Map.Entry<String, String> page : new Reference(top).pages().entrySet()) {
      Files.writeString(top.resolve(page.getKey()), page.getValue());
      spec.commandLine().getOut().println(page.getKey());
    }
    return 0;
  }
}
