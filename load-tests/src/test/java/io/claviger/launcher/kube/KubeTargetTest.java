package io.claviger.launcher.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A target stays the same cluster when the current context changes. */
final class KubeTargetTest {

  private static final String FILE =
      """
      apiVersion: v1
      kind: Config
      clusters: [{name: one, cluster: {server: "https://192.0.2.1"}}]
      contexts: [{name: prod, context: {cluster: one, user: me}}]
      users: [{name: me, user: {}}]
      """;

  @Test
  void namesTheContextThatIsTheCurrentOneNow() {
    KubeTarget target =
        KubeTarget.of(
            List.of("/a", "/b"), Config.fromKubeconfig(FILE + "current-context: prod\n"), "ns");

    assertThat(target).isEqualTo(new KubeTarget("/a:/b", "prod", "ns"));
    assertThat(target.arguments("get"))
        .containsExactly("--context", "prod", "--namespace", "ns", "get");
  }

  @Test
  void namesNoContextWhereThereIsNone() {
    assertThat(KubeTarget.of(List.of("/a"), Config.empty(), "ns").arguments("get"))
        .containsExactly("--namespace", "ns", "get");
  }

  @Test
  void namesFilesAsEveryDirectoryFindsThem() {
    assertThat(KubeTarget.of(List.of("./mine"), Config.empty(), "ns").kubeconfig())
        .isEqualTo(Path.of("mine").toAbsolutePath().toString());
  }
}
