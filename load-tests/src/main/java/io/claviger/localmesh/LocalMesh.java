package io.claviger.localmesh;

import io.claviger.config.lifecycle.HostPort;
import io.claviger.stsfake.StsStandIn;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The whole mesh on loopback of this machine. Kafka, brokers and edges run in processes of their
 * own, with the packaging and main classes of production. The STS stand-in runs in this process.
 *
 * <p>No process is left behind: {@link #close()}, the end of this process and a failed start end
 * all processes. If a launcher was killed, the next start in the same directory ends its processes.
 */
public final class LocalMesh implements AutoCloseable {

  private static final Duration ENDING = Duration.ofSeconds(15);

  private final MeshOptions options;
  private final Consumer<String> progress;
  private final MeshDirectory directory;
  private final FreePorts ports = new FreePorts(new Random());
  private final TokenFiles tokens = new TokenFiles();
  private final MeshPrograms programs;
  private final MeshKeys keys;
  private final @Nullable LocalSts sts;
  private final MeshSettings settings;
  private final MeshStateFile stateFile;
  private final MeshMembers members;
  private final Thread atExit = new Thread(this::stopMembers, "mesh-stop");

  private LocalMesh(MeshOptions options, Consumer<String> progress) {
    this.options = options;
    this.progress = progress;
    this.directory = MeshStateFile.claim(new MeshDirectory(options.directory()));
    this.programs = new MeshPrograms(ProjectLayout.find(), directory, options);
    this.keys = new MeshKeys(directory, options.cluster());
    this.sts = options.awsSts() ? null : LocalSts.start(options.cluster().account(), directory);
    HostPort kafkaAddress = ports.address();
    HostPort kafkaBehind = ports.address();
    this.settings =
        new MeshSettings(
            options,
            directory,
            keys,
            kafkaAddress,
            options.links().toKafka(kafkaBehind).orElse(kafkaAddress),
            sts == null ? null : sts.standIn().endpoint());
    this.stateFile = new MeshStateFile(directory, options.cluster(), kafkaAddress, settings.sts());
    OperatorFiles.write(directory, stateFile.admin());
    this.members =
        new MeshMembers(member(programs.kafka(kafkaAddress, ports.address(), kafkaBehind)));
  }

  /**
   * Starts a mesh and waits until every process is ready.
   *
   * @param progress receives progress lines
   * @throws MeshException with the name of the process that failed, and the last lines of its log
   */
  public static LocalMesh start(MeshOptions options, Consumer<String> progress) {
    LocalMesh mesh = new LocalMesh(options, progress);
    Runtime.getRuntime().addShutdownHook(mesh.atExit);
    try {
      mesh.startMembers();
      return mesh;
    } catch (RuntimeException e) {
      mesh.close();
      throw e;
    }
  }

  private void startMembers() {
    progress.accept("starting Kafka");
    members.kafka().start();
    stateFile.write(members.all());
    awaitReady(members.kafka());
    progress.accept("starting " + options.brokers() + " brokers and " + options.edges() + " edges");
    List<HostPort> planned = Stream.generate(ports::address).limit(options.brokers()).toList();
    List<Supplier<Member>> starts = new ArrayList<>();
    planned.forEach(hazelcast -> starts.add(() -> launchBroker(hazelcast, planned).member()));
    for (int i = 1; i <= options.edges(); i++) {
      String name = "node-" + i;
      starts.add(() -> launchEdge(name, name, ports.address()).member());
    }
    MeshMembers.startSomeAtOnce(starts, this::awaitReady);
  }

  /**
   * Starts Kafka, brokers and edges again after they were killed, and waits until they are ready.
   */
  public void startAgain() {
    members.startAgain(this::awaitReady);
  }

  /** Starts one more broker, which joins the others. Running edges do not have its address. */
  public BrokerMember startBroker() {
    HostPort hazelcast = ports.address();
    List<HostPort> peers =
        Stream.concat(brokers().stream().map(BrokerMember::hazelcast), Stream.of(hazelcast))
            .toList();
    BrokerMember broker = launchBroker(hazelcast, peers);
    awaitReady(broker.member());
    return broker;
  }

  /** Starts an edge for one more node. */
  public EdgeMember startEdge() {
    String name = "node-" + (edges().size() + 1);
    return ready(launchEdge(name, name, ports.address()));
  }

  /**
   * Starts another edge on the port of a running one, as an update does. The old edge keeps
   * running.
   */
  public EdgeMember startEdgeBeside(EdgeMember old) {
    String name = old.node() + "-" + (edges().size() + 1);
    return ready(launchEdge(name, old.node(), old.listen()));
  }

  /** Ends a broker or an edge and removes it from the mesh. */
  public void retire(Member member) {
    member.stop(ENDING);
    members.retire(member);
    stateFile.write(members.all());
  }

  private BrokerMember launchBroker(HostPort hazelcast, List<HostPort> peers) {
    String name = "broker-" + (brokers().size() + 1);
    HostPort management = ports.address();
    BrokerMember broker =
        new BrokerMember(
            member(programs.broker(name, management)),
            ports.address(),
            hazelcast,
            ports.address(),
            ports.address(),
            ports.address(),
            management);
    settings.writeBroker(name, broker, peers);
    broker.member().start();
    members.brokers().add(broker);
    stateFile.publishApi(broker(1).endpoint());
    stateFile.write(members.all());
    return broker;
  }

  private EdgeMember launchEdge(String name, String node, HostPort listen) {
    HostPort probes = ports.address();
    EdgeMember edge =
        new EdgeMember(member(programs.edge(name, probes)), node, listen, probes, ports.address());
    Path token = keepToken("edge-" + name, TokenRequest.ofEdge(name, node));
    settings.writeEdge(name, edge, brokers().stream().map(BrokerMember::bridge).toList(), token);
    edge.member().start();
    members.edges().add(edge);
    stateFile.write(members.all());
    return edge;
  }

  private Member member(MemberProgram program) {
    return new Member(
        program, died -> progress.accept(died.name() + " has ended: see " + died.logFile()));
  }

  private EdgeMember ready(EdgeMember edge) {
    awaitReady(edge.member());
    return edge;
  }

  private void awaitReady(Member member) {
    member.awaitReady(options.timeout());
    progress.accept(member.name() + " is ready");
  }

  /** Applies a manifest's associations through the API of the first broker. */
  public void apply(Path manifest) {
    new ManifestApplier(this::stallDetector)
        .apply(broker(1).endpoint(), options.cluster(), stateFile.admin(), manifest);
  }

  /** Detects whether Kafka, brokers and edges all make no progress. */
  public StallDetector stallDetector() {
    return new StallDetector(options.timeout(), members::processorTime, System::nanoTime);
  }

  /** Issues a token with these claims, signed by the mesh's issuer. */
  public String token(TokenRequest request) {
    return issuer().token(request);
  }

  /** Issues a pod's token, as in the pod's volume. */
  public String token(String namespace, String serviceAccount, String pod, String node) {
    return token(TokenRequest.ofPod(namespace, serviceAccount, pod, node));
  }

  /** Writes such a token to a file, and renews it while the mesh runs. */
  public Path keepToken(String name, TokenRequest request) {
    return tokens.keep(directory.token(name), request.life(), () -> issuer().token(request));
  }

  /** Publishes the default pod's edge and token file to other processes. */
  public void publishPod(EdgeMember edge, Path tokenFile) {
    stateFile.publishPod(edge.credentials(), tokenFile);
    stateFile.write(members.all());
  }

  /** Broker 1, 2, ... in start order. */
  public BrokerMember broker(int number) {
    return members.brokers().get(number - 1);
  }

  /** Edge 1, 2, ... in start order. */
  public EdgeMember edge(int number) {
    return members.edges().get(number - 1);
  }

  /** All brokers that were started and not retired, running or not. */
  public List<BrokerMember> brokers() {
    return List.copyOf(members.brokers());
  }

  /** All edges that were started and not retired, running or not. */
  public List<EdgeMember> edges() {
    return List.copyOf(members.edges());
  }

  /** Kafka's process. */
  public Member kafka() {
    return members.kafka();
  }

  /** The operator's key for the brokers' APIs. */
  public MeshState.AdminKey admin() {
    return stateFile.admin();
  }

  /** Where Kafka's clients connect. */
  public String bootstrapServers() {
    return settings.kafka().toString();
  }

  /** The STS stand-in. */
  public StsStandIn sts() {
    if (sts == null) {
      throw new MeshException("this mesh calls AWS's own STS");
    }
    return sts.standIn();
  }

  /** The endpoint of STS; null for AWS's own. */
  public @Nullable URI stsEndpoint() {
    return settings.sts();
  }

  /** The issuer of the pods' tokens. */
  public LocalIssuer issuer() {
    return keys.issuer();
  }

  /** All its keys. */
  public MeshKeys keys() {
    return keys;
  }

  /** The options that the mesh was started with. */
  public MeshOptions options() {
    return options;
  }

  /**
   * Ends edges and brokers in parallel, then Kafka, and waits until all have ended by themselves.
   * Processes that write caches take longer.
   *
   * @throws MeshException with the name of a process that is stuck
   */
  public void end() {
    members.end(options.timeout());
  }

  /** Stops edges and brokers in parallel, then Kafka, then the stand-in. */
  @Override
  public void close() {
    stopMembers();
    tokens.close();
    if (sts != null) {
      sts.close();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // This process is ending already, so the hook runs or has run.
    }
  }

  private synchronized void stopMembers() {
    members.stop(ENDING);
    stateFile.close();
  }
}
