package io.claviger.edge.app;

import io.claviger.config.lifecycle.DnsCaching;
import io.claviger.config.settings.SettingsException;
import io.claviger.config.settings.SettingsLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The program: {@code node-edge --config FILE --set key=value}. Exit code 2: the settings are
 * wrong.
 */
@Command(
    name = "node-edge",
    description = "Serves credentials to the AWS SDKs of this node's pods.",
    mixinStandardHelpOptions = true)
public final class NodeEdge implements Callable<Integer> {

  private static final Logger LOG = LoggerFactory.getLogger(NodeEdge.class);
  private static final int WRONG_SETTINGS = 2;
  private static final long START_SECONDS = 30;

  /**
   * The time beyond the pause, the requests under way and the waiting events after which the
   * process exits although it has not stopped.
   */
  private static final long END_SECONDS = 5;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A YAML file of settings; may be repeated, and a later file overrides.")
  private List<Path> files = List.of();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One setting; overrides files and environment; may be repeated.")
  private List<String> sets = List.of();

  /** Starts an edge; it runs until the process receives SIGTERM. */
  public static void main(String[] args) {
    DnsCaching.keepShort();
    int code = command().execute(args);
    if (code != 0) {
      System.exit(code);
    }
  }

  static CommandLine command() {
    return new CommandLine(new NodeEdge())
        .setExecutionExceptionHandler(
            (failure, line, parsed) -> {
              if (failure instanceof SettingsException) {
                line.getErr().println("node-edge: " + failure.getMessage());
                return WRONG_SETTINGS;
              }
              throw failure;
            });
  }

  @Override
  public Integer call() throws Exception {
    EdgeSettings settings = SettingsLoader.load(EdgeSettings.class, files, System.getenv(), sets);
    Edge edge =
        Edge.start(settings)
            .toCompletionStage()
            .toCompletableFuture()
            .get(START_SECONDS, TimeUnit.SECONDS);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> end(edge, settings), "node-edge-shutdown"));
    return 0;
  }

  private static void end(Edge edge, EdgeSettings settings) {
    long limit =
        settings
            .handoverPause()
            .plus(settings.drain().multipliedBy(2))
            .plusSeconds(END_SECONDS)
            .toMillis();
    try {
      edge.stop().await(limit, TimeUnit.MILLISECONDS);
    } catch (Exception e) {
      LOG.atWarn().addKeyValue("reason", e.getMessage()).log("node-edge did not stop in time");
    }
    // SIGTERM ends this program regularly: that is success, which the JVM would report as 143.
    Runtime.getRuntime().halt(0);
  }
}
