package io.claviger.launcher;

import io.claviger.broker.app.Broker;
import io.claviger.localmesh.AotCaches;
import io.claviger.localmesh.ClusterFacts;
import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.MeshException;
import io.claviger.localmesh.MeshOptions;
import io.claviger.localmesh.ProjectLayout;
import io.claviger.localmesh.TokenRequest;
import io.claviger.scenario.PodEnvironment;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code claviger up}: runs the whole mesh until Ctrl-C, or for one fetch with {@code --once}. */
@Command(
    name = "up",
    description = "Starts the whole mesh on this machine.",
    mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {

  /** Which STS the brokers call. */
  enum Sts {
    local,
    aws
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private DirectoryOption directory = new DirectoryOption();

  @Mixin private MeshSizeOptions size = new MeshSizeOptions(1);

  @Option(
      names = "--sts",
      defaultValue = "local",
      description =
          "${COMPLETION-CANDIDATES}: the stand-in, or AWS's own with this shell's AWS credentials."
              + " Default: ${DEFAULT-VALUE}")
  private Sts sts = Sts.local;

  @Option(
      names = "--once",
      description =
          "Fetch credentials once with the AWS SDK for Java, print the assumed role, and stop.")
  private boolean once;

  @Option(
      names = "--associations",
      paramLabel = "FILE",
      description = "YAML documents of kind PodIdentityAssociation. Default: a few examples.")
  private @Nullable Path associations;

  @Option(
      names = "--session-seconds",
      paramLabel = "S",
      description = "Lifetime of the STS stand-in's sessions, whatever a call requests.")
  private @Nullable Integer sessionSeconds;

  @Option(
      names = "--brokers-of",
      paramLabel = "DIR",
      description = "Run brokers of another build of Claviger, to test versions together.")
  private @Nullable Path brokersOf;

  @Option(
      names = "--edges-of",
      paramLabel = "DIR",
      description = "Run edges of another build of Claviger, to test versions together.")
  private @Nullable Path edgesOf;

  @Option(names = "--account", paramLabel = "A", description = "The roles' account, for --sts aws.")
  private String account = ClusterFacts.LOCAL.account();

  @Option(names = "--region", paramLabel = "R", description = "The Region, for --sts aws.")
  private String region = ClusterFacts.LOCAL.region();

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    if (!once && AotCaches.areSupported() && !AotCaches.areFresh(ProjectLayout.find())) {
      err.println("claviger: run ./claviger aot once to halve the time of later starts");
    }
    try (LocalMesh mesh = LocalMesh.start(options(), line -> err.println("claviger: " + line))) {
      return run(mesh, err);
    }
  }

  private int run(LocalMesh mesh, PrintWriter err) throws InterruptedException {
    if (sessionSeconds != null) {
      mesh.sts().behaviour().sessionDuration(Duration.ofSeconds(sessionSeconds));
    }
    mesh.apply(associations == null ? ExampleAssociations.write(mesh) : associations);
    err.println("claviger: associations are applied");
    EdgeMember edge = mesh.edge(1);
    Path token =
        mesh.keepToken("pod", TokenRequest.ofPod("shop", "checkout", "checkout-0", edge.node()));
    mesh.publishPod(edge, token);
    PrintWriter out = spec.commandLine().getOut();
    if (once) {
      out.println(new OneFetch(mesh).assumedRole(new PodEnvironment(edge.credentials(), token)));
      out.flush();
      err.println("claviger: stopping");
      return 0;
    }
    new StartUpSummary(mesh, directory).print(out);
    new CommandLine(Broker.events(Optional::empty))
        .setOut(out)
        .setErr(err)
        .execute("--follow", "--bootstrap-servers", mesh.bootstrapServers());
    // Ctrl-C ends the process; the mesh's shutdown hook stops everything.
    new CountDownLatch(1).await();
    return 0;
  }

  private MeshOptions options() {
    if (sts == Sts.aws && sessionSeconds != null) {
      throw new MeshException("--session-seconds is for the STS stand-in");
    }
    MeshOptions options =
        size.apply(MeshOptions.in(directory.get().root()))
            .withCluster(
                new ClusterFacts(
                    ClusterFacts.LOCAL.name(), account, region, ClusterFacts.LOCAL.issuer()));
    if (brokersOf != null) {
      options = options.withBuild("broker", brokersOf.toAbsolutePath());
    }
    if (edgesOf != null) {
      options = options.withBuild("node-edge", edgesOf.toAbsolutePath());
    }
    return sts == Sts.aws ? options.withAwsSts() : options;
  }
}
