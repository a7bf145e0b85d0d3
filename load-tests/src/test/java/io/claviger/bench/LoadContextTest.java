package io.claviger.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.localmesh.MeshException;
import io.claviger.localmesh.MeshOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoadContextTest {

  @TempDir private Path directory;
  private final List<String> progress = new ArrayList<>();

  private String failure(RuntimeException e) {
    return new LoadContext(MeshOptions.in(directory), true, 1, progress::add).failure(e);
  }

  @Test
  void aMeshSaysItselfWhyItFails() {
    assertThat(failure(new MeshException("broker-1 ended"))).isEqualTo("broker-1 ended");
    assertThat(progress).isEmpty();
  }

  @Test
  void whatNobodyForesawHasItsTracePrinted() {
    assertThat(failure(new IllegalStateException("odd")))
        .isEqualTo("java.lang.IllegalStateException: odd");
    assertThat(progress).singleElement().asString().contains("odd", "at io.claviger.bench");
  }
}
