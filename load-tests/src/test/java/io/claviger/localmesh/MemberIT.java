package io.claviger.localmesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Slow programs, and stuck programs. */
@Tag("ci")
final class MemberIT {

  private static final Duration LIMIT = Duration.ofSeconds(2);

  /**
   * Work for at least three times the limit, in one child process. The CPU time of processes that
   * have ended does not count. With many short processes on busy cores, almost none would count.
   */
  private static final String WORK = "timeout 7 sh -c 'while :; do :; done'";

  @TempDir private Path directory;

  private Optional<Member> started = Optional.empty();

  private Member start(String script) {
    Member member = member(script);
    started = Optional.of(member);
    member.start();
    return member;
  }

  private Member member(String script) {
    return new Member(
        new MemberProgram(
            "broker-1",
            List.of("sh", "-c", script),
            Map.of("PATH", System.getenv().getOrDefault("PATH", "")),
            directory.resolve("log"),
            ReadyCheck.saying("READY")),
        died -> {});
  }

  @AfterEach
  void end() {
    started.ifPresent(member -> member.stop(Duration.ZERO));
  }

  @Test
  void isWaitedForWhileItWorks() {
    Member member = start(WORK + "; echo READY; exec sleep 60");

    member.awaitReady(LIMIT);

    assertThat(member.isAlive()).isTrue();
  }

  @Test
  void isNamedWithItsLastLinesWhenItDoesNothing() {
    Member member = start("echo waiting for Kafka; exec sleep 60");

    assertThatThrownBy(() -> member.awaitReady(LIMIT))
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("broker-1 is stuck")
        .hasMessageContaining("its output has no line 'READY' yet")
        .hasMessageContaining("waiting for Kafka");
  }

  @Test
  void endsInItsOwnTimeWhileItWorks() {
    Member member =
        start(
            "trap \""
                + WORK
                + "; echo written; exit\" TERM; echo READY; while :; do sleep 0.1; done");
    member.awaitReady(Duration.ofSeconds(30));

    member.end(LIMIT);

    assertThat(member.isAlive()).isFalse();
    assertThat(member.output()).contains("written");
  }

  @Test
  void isNamedWhenItDoesNotEnd() {
    Member member = start("trap '' TERM; echo READY; sleep 60");
    member.awaitReady(Duration.ofSeconds(30));

    assertThatThrownBy(() -> member.end(LIMIT))
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("broker-1 is stuck, and has not ended");
  }
}
