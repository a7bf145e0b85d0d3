package io.claviger.broker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.cli.CommandFixture.Ran;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class BindCommandIT {

  private final CommandFixture fixture = new CommandFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void saysWhichClusterItIsFromNowOn() {
    Ran ran = fixture.run(new CommandLine(new BindCommand()), "uid-1");

    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).contains("kube-system has the uid uid-1");
  }

  @Test
  void needsAUid() {
    Ran ran = fixture.run(new CommandLine(new BindCommand()));

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("UID");
  }
}
