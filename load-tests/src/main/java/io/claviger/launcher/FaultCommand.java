package io.claviger.launcher;

import io.claviger.fault.BrokenBuild;
import io.claviger.fault.Fault;
import io.claviger.fault.FaultResult;
import io.claviger.fault.FaultRun;
import io.claviger.fault.Faults;
import io.claviger.fault.Stage;
import io.claviger.localmesh.MeshOptions;
import io.claviger.localmesh.MeshPurpose;
import io.claviger.localmesh.ProjectLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code claviger fault}: injects faults into a mesh under load, and checks every answer. */
@Command(
    name = "fault",
    description = "Injects faults into a mesh under load, and checks every answer that pods got.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Running pods send requests at a fixed rate without retries. New pods use the AWS SDK for",
      "Java. One request in twenty has a token of another node's pod. An operator changes roles.",
      "An answer is allowed if its session is the service account's own, is unexpired, and has the",
      "role that was acknowledged a second before, or a later one. Exit code 1: an answer was not",
      "allowed, or another promise did not hold; see docs/reliability.md."
    })
final class FaultCommand extends ChoiceCommand<Fault> {

  @Mixin private MeshSizeOptions size = new MeshSizeOptions(2);

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "How long each fault lasts. Default: 30s.")
  private @Nullable Integer minutes;

  @Option(names = "--quick", description = "Run each fault for seconds, with few pods.")
  private boolean quick;

  @Option(
      names = "--self-test",
      description = "Check that the run detects deliberately broken builds of the mesh.")
  private boolean selfTest;

  @Override
  public Integer call() throws InterruptedException, IOException {
    return selfTest ? selfTest() : super.call();
  }

  @Override
  void list() {
    all().forEach(fault -> print("%-18s %s".formatted(fault.name(), fault.what())));
  }

  @Override
  List<Fault> all() {
    return Faults.all();
  }

  @Override
  Optional<Fault> named(String name) {
    return Faults.named(name);
  }

  @Override
  boolean run(List<Fault> faults) throws InterruptedException, IOException {
    List<FaultResult> results = new ArrayList<>();
    print(FaultResult.head());
    try {
      each(faults, results);
    } finally {
      write(results);
    }
    return !results.isEmpty() && results.stream().allMatch(result -> result.broken().isEmpty());
  }

  private void each(List<Fault> faults, List<FaultResult> results) throws InterruptedException {
    try (Stage stage = Stage.start(sized(), this::progress)) {
      for (Fault fault : faults) {
        Optional<String> missing = Faults.missing(fault);
        if (missing.isPresent()) {
          print("%-18s not run: %s".formatted(fault.name(), missing.get()));
          continue;
        }
        progress(fault.name() + ": " + fault.what());
        String namespace = fault.name() + "-" + (results.size() + 1);
        FaultResult result = FaultRun.of(stage, runSize(), fault, namespace);
        print(result.line());
        result.complaints().forEach(complaint -> print("  " + complaint));
        results.add(result);
      }
    }
  }

  private MeshOptions sized() {
    return size.apply(options()).withPurpose(MeshPurpose.of(quick));
  }

  private FaultRun.Size runSize() {
    if (quick) {
      return FaultRun.Size.QUICK;
    }
    return FaultRun.Size.lasting(
        minutes == null ? Duration.ofSeconds(30) : Duration.ofMinutes(minutes));
  }

  /** Runs each broken build in a mesh of its own; the checker has to find wrong answers in it. */
  private int selfTest() throws InterruptedException {
    int missed = 0;
    for (BrokenBuild broken : BrokenBuild.all()) {
      ProjectLayout project = ProjectLayout.find();
      Path build =
          broken.make(
              project,
              project
                  .built("load-tests")
                  .resolve("broken")
                  .resolve(broken.name().replace(' ', '-')));
      MeshOptions options = sized().withBuild("broker", build).withBuild("node-edge", build);
      long seen = broken.seenIn(options, this::progress);
      missed += seen == 0 ? 1 : 0;
      print(
          "%-24s %s: %d wrong answers"
              .formatted(broken.name(), seen > 0 ? "detected" : "NOT DETECTED", seen));
    }
    return missed == 0 ? 0 : Claviger.FAILED;
  }
}
