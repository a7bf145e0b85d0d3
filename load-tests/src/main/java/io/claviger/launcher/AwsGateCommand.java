package io.claviger.launcher;

import io.claviger.bench.AwsGate;
import io.claviger.bench.AwsGateResult;
import io.claviger.bench.StsWarmUp;
import io.claviger.localmesh.CpuAffinity;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.MeshOptions;
import io.claviger.schemas.SchemaJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code claviger load aws-gate}: many pods at once at a mesh that has just been started. */
@Command(
    name = "aws-gate",
    description =
        "Starts a mesh, and has thousands of new pods fetch credentials once each, at a fixed"
            + " rate.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "AWS's own gate for EKS Pod Identity: 5,000 pods at 200 a second, no second try, 99.9 % of",
      "them within a second. Three passes: at the fresh mesh, the same pods again, and pods of",
      "service accounts that are new to a mesh that is warm. Exit code 1 when a pod was not served."
    })
final class AwsGateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private DirectoryOption directory = new DirectoryOption();

  @Mixin private AotOption aot = new AotOption();

  @Mixin private MeshSizeOptions size = new MeshSizeOptions(2);

  @Option(names = "--pods", paramLabel = "N", defaultValue = "5000")
  private int pods = 5_000;

  @Option(
      names = "--accounts",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Service accounts, each with a role of its own. Default: ${DEFAULT-VALUE}.")
  private int accounts = 1_000;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "200",
      description = "Pods a second. Default: ${DEFAULT-VALUE}.")
  private int rate = 200;

  @Option(
      names = "--settle",
      paramLabel = "T",
      defaultValue = "60s",
      converter = TokenCommand.DurationOption.class,
      description = "From ready to the first pod. Default: ${DEFAULT-VALUE}.")
  private Duration settle = Duration.ZERO;

  @Option(
      names = "--sts",
      paramLabel = "T",
      defaultValue = "50ms",
      converter = TokenCommand.DurationOption.class,
      description = "How long STS takes. Default: ${DEFAULT-VALUE}.")
  private Duration sts = Duration.ZERO;

  @Option(
      names = "--passes",
      split = ",",
      paramLabel = "PASS",
      defaultValue = "fresh,again,new",
      description =
          "Which, in this order; others than again: new service accounts. Default:"
              + " ${DEFAULT-VALUE}.")
  private List<String> passes = List.of();

  @Option(
      names = "--apart",
      description =
          "Brokers and edges on the first processor, Kafka, STS and the pods on the others"
              + " (taskset).")
  private boolean apart;

  @Option(names = "--json", paramLabel = "FILE", description = "Writes all figures there too.")
  private @Nullable Path json;

  @Override
  public Integer call() throws InterruptedException, IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    MeshOptions options = size.apply(MeshOptions.in(directory.get().root()));
    aot.train(err);
    List<AwsGateResult> results = new ArrayList<>();
    try (LocalMesh mesh = LocalMesh.start(options, line -> err.println("claviger: " + line))) {
      long ready = System.nanoTime();
      if (apart) {
        CpuAffinity.part(mesh);
      }
      AwsGate gate =
          new AwsGate(
              mesh,
              new AwsGate.Size(pods, accounts, rate),
              line -> {
                out.println(line);
                out.flush();
              });
      StsWarmUp.of(mesh);
      mesh.sts().behaviour().latency(sts);
      String generation = "";
      Path plan = Path.of("");
      for (String pass : passes) {
        boolean first = generation.isEmpty();
        if (first || !pass.equals("again")) {
          generation = pass;
          gate.associate(generation);
          plan = gate.plan(generation);
        }
        if (first) {
          TimeUnit.NANOSECONDS.sleep(settle.toNanos() - (System.nanoTime() - ready));
        }
        results.add(gate.pass(pass, plan));
      }
    }
    if (json != null) {
      Files.writeString(json, SchemaJson.write(results));
    }
    return results.stream().allMatch(result -> result.served() == pods) ? 0 : Claviger.FAILED;
  }
}
