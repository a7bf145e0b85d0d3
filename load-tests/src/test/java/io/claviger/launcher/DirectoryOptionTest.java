package io.claviger.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.localmesh.ProjectLayout;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

final class DirectoryOptionTest {

  @Command
  private static final class AnyCommand {
    @Mixin private DirectoryOption directory = new DirectoryOption();
  }

  private static String envFor(String... arguments) {
    AnyCommand command = new AnyCommand();
    new CommandLine(command).parseArgs(arguments);
    return command.directory.command("env");
  }

  @Test
  void isNamedInCommandsUnlessItIsTheUsualOne() {
    String usual = ProjectLayout.find().top().resolve(".claviger").toString();

    assertThat(envFor()).isEqualTo("./claviger env");
    assertThat(envFor("--directory", usual)).isEqualTo("./claviger env");
    assertThat(envFor("--directory", "/tmp/mesh-2"))
        .isEqualTo("./claviger env --directory /tmp/mesh-2");
    assertThat(envFor("--directory", "/tmp/it's mine"))
        .isEqualTo("./claviger env --directory '/tmp/it'\\''s mine'");
  }
}
