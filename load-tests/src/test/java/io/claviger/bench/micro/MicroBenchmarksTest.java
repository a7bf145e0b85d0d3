package io.claviger.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.localmesh.MeshException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.annotations.Benchmark;

final class MicroBenchmarksTest {

  @Test
  void runsEachBenchmarkOnceAndSaysWhatItAllocates(@TempDir Path directory) throws IOException {
    Path json = directory.resolve("figures.json");

    List<MicroBenchmarks.Figures> figures = new MicroBenchmarks("", true, json).run();

    assertThat(figures)
        .extracting(MicroBenchmarks.Figures::name)
        .containsExactlyInAnyOrderElementsOf(declared());
    assertThat(figures)
        .allSatisfy(
            one -> {
              assertThat(one.nanos()).isPositive();
              assertThat(one.bytes()).isPositive();
            });
    assertThat(Files.readString(json)).contains("TokenBenchmark.verifyRs256");
  }

  @Test
  void runsThoseThatThePatternIsFoundIn() {
    assertThat(new MicroBenchmarks("Session.*\\.(open|seal)$", true, null).run())
        .extracting(MicroBenchmarks.Figures::name)
        .containsExactlyInAnyOrder("SessionBenchmark.open", "SessionBenchmark.seal");
  }

  @Test
  void refusesAPatternThatNoneHas() {
    assertThatExceptionOfType(MeshException.class)
        .isThrownBy(() -> new MicroBenchmarks("nothing-like-this", true, null).run())
        .withMessage("no benchmark's name matches 'nothing-like-this'");
    assertThatExceptionOfType(MeshException.class)
        .isThrownBy(() -> new MicroBenchmarks("(", true, null).run());
  }

  private static List<String> declared() {
    return Stream.of(
            FrameBenchmark.class,
            RecordBenchmark.class,
            SessionBenchmark.class,
            SignatureBenchmark.class,
            TokenBenchmark.class)
        .flatMap(type -> Stream.of(type.getDeclaredMethods()))
        .filter(method -> method.isAnnotationPresent(Benchmark.class))
        .map(method -> method.getDeclaringClass().getSimpleName() + "." + method.getName())
        .toList();
  }
}
