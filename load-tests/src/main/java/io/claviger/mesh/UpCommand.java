package io.claviger.mesh;

import io.claviger.broker.app.Broker;
import io.claviger.mesh.scenario.Pod;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
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

/**
 * {@code claviger up}: the whole mesh until Ctrl-C, or one fetch through it with {@code --once}.
 */
@Command(
    name = "up",
    description = "Starts the whole mesh on this machine.",
    mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {

  /** Where STS is. */
  enum Sts {
    local,
    aws
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private DirectoryOption directory = new DirectoryOption();

  @Mixin private AotOption aot = new AotOption();

  @Option(
      names = "--brokers",
      paramLabel = "N",
      defaultValue = "2",
      description = "How many brokers. Default: ${DEFAULT-VALUE}")
  private int brokers = 2;

  @Option(
      names = "--edges",
      paramLabel = "M",
      defaultValue = "1",
      description = "How many node-edges, named node-1 and so on. Default: ${DEFAULT-VALUE}")
  private int edges = 1;

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
          "Fetch credentials once with the AWS SDK for Java, say whose they are, and stop.")
  private boolean once;

  @Option(
      names = "--associations",
      paramLabel = "FILE",
      description = "YAML documents of kind PodIdentityAssociation. Default: a few examples.")
  private @Nullable Path associations;

  @Option(
      names = "--session-seconds",
      paramLabel = "S",
      description = "The STS stand-in's sessions end after this, whatever was asked for.")
  private @Nullable Integer sessionSeconds;

  @Option(
      names = "--broker-set",
      paramLabel = "KEY=VALUE",
      description = "A setting of every broker, without claviger.broker: issuance.floor=2s")
  private Map<String, String> brokerSettings = new LinkedHashMap<>();

  @Option(
      names = "--edge-set",
      paramLabel = "KEY=VALUE",
      description = "A setting of every edge, without claviger.edge: credentials.floor=2s")
  private Map<String, String> edgeSettings = new LinkedHashMap<>();

  @Option(
      names = "--brokers-of",
      paramLabel = "DIR",
      description = "Brokers of another build of Claviger: to try versions together.")
  private @Nullable Path brokersOf;

  @Option(
      names = "--edges-of",
      paramLabel = "DIR",
      description = "Edges of another build of Claviger: to try versions together.")
  private @Nullable Path edgesOf;

  @Option(names = "--account", paramLabel = "A", description = "The roles' account, for --sts aws.")
  private String account = ClusterFacts.LOCAL.account();

  @Option(names = "--region", paramLabel = "R", description = "The Region, for --sts aws.")
  private String region = ClusterFacts.LOCAL.region();

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    if (!once) {
      aot.train(err);
    }
    try (LocalMesh mesh = LocalMesh.start(options(), line -> err.println("claviger: " + line))) {
      return run(mesh, err);
    }
  }

  private int run(LocalMesh mesh, PrintWriter err) throws InterruptedException {
    if (sessionSeconds != null) {
      mesh.sts().behaviour().sessionDuration(Duration.ofSeconds(sessionSeconds));
    }
    mesh.apply(associations == null ? ExampleSeeds.write(mesh) : associations);
    err.println("claviger: associations are applied");
    EdgeMember edge = mesh.edge(1);
    Path token =
        mesh.keepToken("pod", TokenRequest.ofPod("shop", "checkout", "checkout-0", edge.node()));
    mesh.publishPod(edge, token);
    PrintWriter out = spec.commandLine().getOut();
    if (once) {
      out.println(new OneFetch(mesh).assumedRole(new Pod(edge.credentials(), token)));
      out.flush();
      err.println("claviger: stopping");
      return 0;
    }
    new Welcome(mesh, directory).print(out);
    new CommandLine(Broker.events(Optional::empty))
        .setOut(out)
        .setErr(err)
        .execute("--follow", "--bootstrap-servers", mesh.bootstrapServers());
    // Ctrl-C ends the process; the mesh's shutdown hook stops everything.
    new CountDownLatch(1).await();
    return 0;
  }

  private MeshOptions options() {
    if (brokers < 1 || edges < 1) {
      throw new MeshException("a mesh has a broker and an edge at least");
    }
    if (sts == Sts.aws && sessionSeconds != null) {
      throw new MeshException("--session-seconds is for the STS stand-in");
    }
    MeshOptions options =
        MeshOptions.in(directory.get().root())
            .withMembers(brokers, edges)
            .withCluster(
                new ClusterFacts(
                    ClusterFacts.LOCAL.name(), account, region, ClusterFacts.LOCAL.issuer()));
    for (Map.Entry<String, String> setting : brokerSettings.entrySet()) {
      options = options.withBrokerSetting(setting.getKey(), setting.getValue());
    }
    for (Map.Entry<String, String> setting : edgeSettings.entrySet()) {
      options = options.withEdgeSetting(setting.getKey(), setting.getValue());
    }
    if (brokersOf != null) {
      options = options.withBuild("broker", brokersOf.toAbsolutePath());
    }
    if (edgesOf != null) {
      options = options.withBuild("node-edge", edgesOf.toAbsolutePath());
    }
    return sts == Sts.aws ? options.withAwsSts() : options;
  }
}
