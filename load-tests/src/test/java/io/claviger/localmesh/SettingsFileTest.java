package io.claviger.localmesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SettingsFileTest {

  @Test
  void keysWithDotsBecomeNestedMaps() {
    SettingsFile file =
        new SettingsFile("claviger.edge")
            .set("node", "node-1")
            .set("upstream.brokers", List.of("127.0.0.1:1"))
            .setAll(Map.of("upstream.hedge-after", "1s", "node", "node-2"));

    assertThat(file)
        .hasToString(
            """
            claviger:
              edge:
                node: node-2
                upstream:
                  brokers:
                  - 127.0.0.1:1
                  hedge-after: 1s
            """);
  }
}
