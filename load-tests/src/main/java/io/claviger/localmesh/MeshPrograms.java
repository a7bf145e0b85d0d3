package io.claviger.localmesh;

import io.claviger.config.lifecycle.HostPort;
import io.claviger.kafkaserver.EmbeddedKafka;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Builds each program's command, environment and readiness check. Writes no file but logs. */
final class MeshPrograms {

  private static final Path SETSID = Path.of("/usr/bin/setsid");

  private final ProjectLayout layout;
  private final MeshDirectory directory;
  private final boolean awsSts;
  private final String region;
  private final MeshPurpose purpose;
  private final Map<String, Path> builds;
  private final Links links;
  private final HttpClient probes =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  MeshPrograms(ProjectLayout layout, MeshDirectory directory, MeshOptions options) {
    this.layout = layout;
    this.directory = directory;
    this.awsSts = options.awsSts();
    this.region = options.cluster().region();
    this.purpose = options.purpose();
    this.builds = options.builds();
    this.links = options.links();
  }

  MemberProgram kafka(HostPort clients, HostPort controller, HostPort behind) {
    List<String> ports = new ArrayList<>(List.of("" + clients.port(), "" + controller.port()));
    links
        .toKafka(behind)
        .ifPresent(by -> ports.addAll(List.of("" + behind.port(), "" + by.port())));
    Path jar = jar(layout, "load-tests");
    return new MemberProgram(
        "kafka",
        command(
            jar,
            purpose.caches().options(jar),
            Stream.concat(
                    Stream.of(
                        "-Xmx384m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        jar.toString(),
                        EmbeddedKafka.class.getName(),
                        directory.kafka().toString()),
                    ports.stream())
                .toList()),
        environment(Map.of()),
        directory.log("kafka"),
        ReadyCheck.saying("READY"));
  }

  MemberProgram broker(String name, HostPort management) {
    Map<String, String> environment =
        environment(
            awsSts
                ? Map.of("AWS_REGION", region)
                : Map.of(
                    "AWS_REGION", region,
                    "AWS_SHARED_CREDENTIALS_FILE", directory.awsCredentials().toString(),
                    // Not the developer's own file, which may configure the same profile
                    // differently.
                    "AWS_CONFIG_FILE", directory.awsConfig().toString()));
    return program("broker", name, environment, management);
  }

  MemberProgram edge(String name, HostPort management) {
    return program("node-edge", name, environment(Map.of()), management);
  }

  private MemberProgram program(
      String module, String name, Map<String, String> environment, HostPort management) {
    Path other = builds.getOrDefault(name, builds.get(module));
    Path jar = jar(other == null ? layout : new ProjectLayout(other), module);
    List<String> arguments = new ArrayList<>(List.of("@" + jar.resolveSibling("jvm.options")));
    arguments.addAll(purpose.jvmOptions());
    arguments.addAll(
        List.of("-jar", jar.toString(), "--config", directory.settings(name).toString()));
    return new MemberProgram(
        name,
        command(jar, caches(name, jar), arguments),
        environment,
        directory.log(name),
        ReadyCheck.answering(probes, URI.create("http://" + management + "/readyz")));
  }

  /** A program has one cache file, which the first of its processes writes. */
  private List<String> caches(String name, Path jar) {
    return purpose == MeshPurpose.TRAINING && !name.endsWith("-1")
        ? List.of()
        : purpose.caches().options(jar);
  }

  private static Path jar(ProjectLayout build, String module) {
    Path jar = build.jar(module);
    if (!Files.isRegularFile(jar)) {
      throw new MeshException(module + " is not built: " + jar + " is missing");
    }
    return jar;
  }

  /** An image's AOT cache has to be made by the image's own Java runtime. */
  private static String javaHome(Path jar) {
    String module = jar.getFileName().toString().replace(".jar", "");
    return System.getProperty("claviger.java." + module, System.getProperty("java.home"));
  }

  private Map<String, String> environment(Map<String, String> more) {
    Map<String, String> all =
        new HashMap<>(
            awsSts && more.containsKey("AWS_REGION")
                ? Environment.cleanForAws(System.getenv())
                : Environment.clean(System.getenv()));
    all.putAll(more);
    all.put("CLAVIGER_LOG", "text");
    return all;
  }

  /**
   * Runs Java in a session of its own. Otherwise a Ctrl-C for the launcher would also reach Kafka
   * and the brokers, and nothing could be stopped in order.
   */
  private static List<String> command(Path jar, List<String> caches, List<String> arguments) {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(SETSID)) {
      command.add(SETSID.toString());
    }
    command.add(Path.of(javaHome(jar), "bin", "java").toString());
    command.addAll(caches);
    command.addAll(arguments);
    return command;
  }
}
