package io.claviger.launcher;

import io.claviger.bench.HitPath;
import io.claviger.bench.Wrk;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.MeshException;
import io.claviger.localmesh.MeshOptions;
import io.claviger.localmesh.ProjectLayout;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code claviger bench}: how fast an edge answers from memory, beside a bare server. */
@Command(
    name = "bench",
    description =
        "Loads an edge and a bare Vert.x server that returns the same bytes, in turns, with wrk.",
    mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private DirectoryOption directory = new DirectoryOption();

  @Mixin private AotOption aot = new AotOption();

  @Option(names = "--rounds", paramLabel = "N", defaultValue = "5")
  private int rounds = 5;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "8",
      description = "How long each server is loaded in a round. Default: ${DEFAULT-VALUE}")
  private int seconds = 8;

  @Option(
      names = "--settle",
      paramLabel = "T",
      defaultValue = "80s",
      converter = TokenCommand.DurationOption.class,
      description =
          "From ready to the first round: members warm up until 75 s after their start, and take"
              + " cores for it. Default: ${DEFAULT-VALUE}")
  private Duration settle = Duration.ZERO;

  @Option(names = "--connections", paramLabel = "C", defaultValue = "64")
  private int connections = 64;

  @Override
  public Integer call() throws InterruptedException {
    Wrk wrk =
        Wrk.find()
            .orElseThrow(
                () -> new MeshException("wrk is not installed (Debian: apt-get install wrk)"));
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    aot.train(err);
    MeshOptions options = MeshOptions.in(directory.get().root());
    try (LocalMesh mesh = LocalMesh.start(options, line -> err.println("claviger: " + line))) {
      long ready = System.nanoTime();
      mesh.apply(ExampleAssociations.write(mesh));
      String token = mesh.token("shop", "checkout", "checkout-0", mesh.edge(1).node());
      TimeUnit.NANOSECONDS.sleep(settle.toNanos() - (System.nanoTime() - ready));
      new HitPath(
              mesh,
              wrk,
              connections,
              line -> {
                out.println(line);
                out.flush();
              })
          .run(
              ProjectLayout.find().built("node-edge").resolve("jvm.options"),
              token,
              rounds,
              Duration.ofSeconds(seconds));
      return 0;
    }
  }
}
