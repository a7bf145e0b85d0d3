package io.claviger.launcher;

import io.claviger.scenario.LoadDriver;
import io.claviger.scenario.LoadReport;
import io.claviger.scenario.PodEnvironment;
import io.claviger.scenario.SdkClient;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code claviger load pod}: a pod that fetches its credentials repeatedly. */
@Command(
    name = "pod",
    description = "Fetches this pod's credentials repeatedly, and counts failures.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Uses the AWS SDK for Java, with a new connection for each fetch. Prints the counts so far",
      "every 5 s. Exit code 1: a fetch failed."
    })
final class LoadPodCommand implements Callable<Integer> {

  /** More than one second's fetches: with the SDK's retries a fetch can take 6 s. */
  private static final int SECONDS_UNDER_WAY = 7;

  private static final Duration PRINTED_EVERY = Duration.ofSeconds(5);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--uri",
      defaultValue = "${env:AWS_CONTAINER_CREDENTIALS_FULL_URI}",
      paramLabel = "URI",
      description = "The credential endpoint. Default: that of this pod.")
  private @Nullable URI uri;

  @Option(
      names = "--token-file",
      defaultValue = "${env:AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE}",
      paramLabel = "FILE",
      description = "The pod's token. Default: that of this pod.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--rate",
      defaultValue = "50",
      paramLabel = "N",
      description = "Fetches a second. Default: ${DEFAULT-VALUE}.")
  private int rate;

  @Option(
      names = "--for",
      defaultValue = "60s",
      paramLabel = "T",
      converter = TokenCommand.DurationOption.class,
      description = "How long. Default: ${DEFAULT-VALUE}.")
  private Duration life = Duration.ZERO;

  @Override
  public Integer call() throws InterruptedException {
    if (uri == null || tokenFile == null) {
      throw new ParameterException(
          spec.commandLine(),
          "outside a pod, set --uri and --token-file to the endpoint and the token file");
    }
    PodEnvironment pod = new PodEnvironment(uri, tokenFile);
    PrintWriter out = spec.commandLine().getOut();
    LoadReport report;
    try (LoadDriver load =
        LoadDriver.start(new SdkClient(), () -> pod, rate * SECONDS_UNDER_WAY, rate)) {
      for (Duration left = life; left.isPositive(); left = left.minus(PRINTED_EVERY)) {
        Thread.sleep(left.compareTo(PRINTED_EVERY) < 0 ? left : PRINTED_EVERY);
        out.println(load.report());
        out.flush();
      }
      report = load.stop();
    }
    out.println(report + ", " + report.accessKeyIds().size() + " sessions");
    report.failures().stream().distinct().limit(10).forEach(out::println);
    out.flush();
    return report.failed() == 0 && report.fetches() > 0 ? 0 : Claviger.FAILED;
  }
}
