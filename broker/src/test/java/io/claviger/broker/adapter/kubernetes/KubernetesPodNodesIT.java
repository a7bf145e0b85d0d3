package io.claviger.broker.adapter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.identity.PodNodes;
import io.claviger.broker.identity.PodNodes.NodeLookup;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KubernetesPodNodesIT {

  private static final String NOT_FOUND =
      """
      {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound",
       "details": {"name": "cart-0", "kind": "pods"}, "code": 404}
      """;

  private static final String PATH = "/api/v1/namespaces/app1/pods/web-0";
  private static final PodNodes.Pod POD = new PodNodes.Pod("app1", "web-0", "uid-0");

  private final MockedApiServer api = new MockedApiServer();
  private final KubernetesPodNodes nodes = new KubernetesPodNodes(api.vertx, api.client);

  @AfterEach
  void close() throws Exception {
    api.close();
  }

  private static Pod pod(String uid, @Nullable String node) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("app1")
        .withName("web-0")
        .withUid(uid)
        .endMetadata()
        .withNewSpec()
        .withNodeName(node)
        .endSpec()
        .build();
  }

  private NodeLookup find(int status, Object body) throws Exception {
    api.server.expect().get().withPath(PATH).andReturn(status, body).once();
    return MockedApiServer.await(nodes.find(POD));
  }

  @Test
  void findTheNodeOfAPod() throws Exception {
    assertThat(find(200, pod("uid-0", "node-7"))).isEqualTo(new NodeLookup.On("node-7"));
  }

  @Test
  void takeAPodOfTheSameNameForAnotherOne() throws Exception {
    assertThat(find(200, pod("uid-1", "node-7"))).isEqualTo(new NodeLookup.Gone());
  }

  @Test
  void sayThatAPodIsGone() throws Exception {
    assertThat(find(404, NOT_FOUND)).isEqualTo(new NodeLookup.Gone());
  }

  @Test
  void believeNoOtherNotFoundThanThatOfThePod() throws Exception {
    assertThat(find(404, "{}")).isInstanceOf(NodeLookup.Away.class);
    assertThat(find(404, "<html>404</html>")).isInstanceOf(NodeLookup.Away.class);
    assertThat(find(404, NOT_FOUND.replace("pods", "namespaces")))
        .isInstanceOf(NodeLookup.Away.class);
  }

  @Test
  void knowNothingOfAPodThatIsBoundToNoNodeYet() throws Exception {
    assertThat(find(200, pod("uid-0", null))).isInstanceOf(NodeLookup.Away.class);
  }

  @Test
  void sayWhichPermissionIsMissing() throws Exception {
    assertThat(find(403, "{}"))
        .isEqualTo(new NodeLookup.Away("the API server answered 403: the broker may not get pods"));
  }

  @Test
  void sayThatTheApiServerIsAway() throws Exception {
    api.goAway();

    assertThat(MockedApiServer.await(nodes.find(POD))).isInstanceOf(NodeLookup.Away.class);
  }
}
