package io.claviger.broker.ingress.api;

import static org.awaitility.Awaitility.await;

import io.claviger.broker.adapter.kafka.KafkaFixture;
import io.claviger.broker.adapter.kafka.RunningKafka;
import io.claviger.broker.telemetry.ApiMeters;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.eks.EksAsyncClient;

/** Base of tests of watches, over HTTP and a real log. Another broker writes. */
@ExtendWith(KafkaFixture.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WatchCase {

  /** Closes idle connections after 2 s. */
  static final ApiLimits IMPATIENT =
      new ApiLimits(
          2_000,
          512,
          16 * 1024,
          64 * 1024,
          Duration.ofSeconds(2),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          new WatchLimits(
              4,
              Duration.ofMillis(500),
              Duration.ofMillis(100),
              Duration.ofSeconds(1),
              Duration.ofSeconds(8)));

  private final RunningKafka kafka;
  private final List<WatchClient> open = new ArrayList<>();
  ApiRig rig;
  ApiMember member;
  EksAsyncClient writer;
  RawApi raw;
  String cluster = "";

  WatchCase(RunningKafka kafka) {
    this.kafka = kafka;
  }

  @BeforeAll
  void start(@TempDir Path sealingKeys) {
    rig = new ApiRig(kafka, sealingKeys);
    member = rig.member("watch-1", IMPATIENT);
    writer = rig.client(rig.member("watch-2"), ApiRig.ADMIN);
    raw = new RawApi(member.endpoint(), ApiRig.ADMIN);
  }

  @BeforeEach
  void takeAnUnusedCluster() {
    cluster = rig.unusedCluster();
  }

  @AfterEach
  void leave() {
    rig.restore();
    open.forEach(WatchClient::close);
    await().atMost(Duration.ofSeconds(15)).until(() -> watchers() == 0);
  }

  @AfterAll
  void stop() throws Exception {
    rig.close();
  }

  private double watchers() {
    return member.meters().get(ApiMeters.WATCHERS).gauge().value();
  }

  double ended(String reason) {
    var counter = member.meters().find(ApiMeters.WATCHES_ENDED).tag("reason", reason).counter();
    return counter == null ? 0 : counter.count();
  }

  String path(String query) {
    return "/clusters/" + cluster + "/pod-identity-associations?watch=true" + query;
  }

  WatchClient watch(RawApi api, String query, String... headers) {
    WatchClient client = new WatchClient(api.lines(path(query), headers));
    open.add(client);
    return client;
  }

  String create(String namespace, String serviceAccount) {
    return writer
        .createPodIdentityAssociation(ApiRig.request(cluster, namespace, serviceAccount).build())
        .join()
        .association()
        .associationId();
  }

  void delete(String id) {
    writer.deletePodIdentityAssociation(r -> r.clusterName(cluster).associationId(id)).join();
  }

  void seen(WatchClient client, int changes) {
    await().atMost(Duration.ofSeconds(20)).until(() -> client.changes().size() >= changes);
  }
}
