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
 * The whole mesh on loopback of this machine: Kafka, brokers and edges in processes of their own,
 * with the packaging and main classes of production, and the STS stand-in in this process.
 *
 * <p>Nothing is left behind: {@link #close()}, the end of this process and a failed start end every
 * member. Members of a launcher that was killed are ended by the next start in the same directory.
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
   * Starts a mesh and waits until every member is ready.
   *
   * @param progress told what happens, a line each
   * @throws MeshException naming the member that failed, with the last lines of its log
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

  /** Starts Kafka, brokers and edges that were killed, and waits until they are ready. */
  public void startAgain() {
    members.startAgain(this::awaitReady);
  }

  /** Starts one more broker, which joins the others. Edges that run already do not know it. */
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
   * Starts another edge on the port of one that runs, as an update does; the old one is left alone.
   */
  public EdgeMember startEdgeBeside(EdgeMember old) {
    String name = old.node() + "-" + (edges().size() + 1);
    return ready(launchEdge(name, old.node(), old.listen()));
  }

  /** Ends a broker or an edge for good: it is none of the mesh's any more. */
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

  /** Makes associations as the manifest declares, by the API of the first broker. */
  public void apply(Path manifest) {
    new ManifestApplier(this::stallDetector)
        .apply(broker(1).endpoint(), options.cluster(), stateFile.admin(), manifest);
  }

  /** Sees whether nothing goes on any more in Kafka, brokers and edges. */
  public StallDetector stallDetector() {
    return new StallDetector(options.timeout(), members::processorTime, System::nanoTime);
  }

  /** A token that says what is asked, signed by the mesh's issuer. */
  public String token(TokenRequest request) {
    return issuer().token(request);
  }

  /** A pod's token, as its volume would have it. */
  public String token(String namespace, String serviceAccount, String pod, String node) {
    return token(TokenRequest.ofPod(namespace, serviceAccount, pod, node));
  }

  /** A file with such a token, kept fresh while the mesh runs. */
  public Path keepToken(String name, TokenRequest request) {
    return tokens.keep(directory.token(name), request.life(), () -> issuer().token(request));
  }

  /** Tells other processes that this pod asks there, with the token in that file. */
  public void publishPod(EdgeMember edge, Path tokenFile) {
    stateFile.publishPod(edge.credentials(), tokenFile);
    stateFile.write(members.all());
  }

  /** Broker 1, 2, ... in the order of their start. */
  public BrokerMember broker(int number) {
    return members.brokers().get(number - 1);
  }

  /** Edge 1, 2, ... in the order of their start. */
  public EdgeMember edge(int number) {
    return members.edges().get(number - 1);
  }

  /** All brokers that were started, running or not. */
  public List<BrokerMember> brokers() {
    return List.copyOf(members.brokers());
  }

  /** All edges that were started, running or not. */
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

  /** Where STS is; absent for AWS's own. */
  public @Nullable URI stsEndpoint() {
    return settings.sts();
  }

  /** Who issues the pods' tokens. */
  public LocalIssuer issuer() {
    return keys.issuer();
  }

  /** All its keys. */
  public MeshKeys keys() {
    return keys;
  }

  /** What was asked for. */
  public MeshOptions options() {
    return options;
  }

  /**
   * Ends edges and brokers at once, then Kafka, and waits until they have ended by themselves:
   * those that write caches take their time.
   *
   * @throws MeshException naming who is stuck
   */
  public void end() {
    members.end(options.timeout());
  }

  /** Stops everything: edges and brokers at once, then Kafka, then the stand-in. */
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
      // This process is ending already: the hook runs or has run.
    }
  }

  private synchronized void stopMembers() {
    members.stop(ENDING);
    stateFile.close();
  }
}
