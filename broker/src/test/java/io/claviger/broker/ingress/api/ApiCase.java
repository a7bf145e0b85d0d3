package io.claviger.broker.ingress.api;

import io.claviger.broker.adapter.kafka.KafkaFixture;
import io.claviger.broker.adapter.kafka.RunningKafka;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.eks.EksAsyncClient;
import software.amazon.awssdk.services.eks.model.CreatePodIdentityAssociationRequest;
import software.amazon.awssdk.services.eks.model.PodIdentityAssociation;

/** Base of tests of one broker's API on a real log. Each test has its own registered cluster. */
@ExtendWith(KafkaFixture.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ApiCase {

  private final RunningKafka kafka;
  ApiRig rig;
  ApiMember member;
  EksAsyncClient admin;
  EksAsyncClient team;
  String cluster = "";

  ApiCase(RunningKafka kafka) {
    this.kafka = kafka;
  }

  @BeforeAll
  void start(@TempDir Path sealingKeys) {
    rig = new ApiRig(kafka, sealingKeys);
    member = rig.member("api-1");
    admin = rig.client(member, ApiRig.ADMIN);
    team = rig.client(member, ApiRig.TEAM);
  }

  @BeforeEach
  void takeAnUnusedCluster() {
    cluster = rig.unusedCluster();
  }

  @AfterAll
  void stop() throws Exception {
    rig.close();
  }

  CreatePodIdentityAssociationRequest.Builder request(String namespace, String serviceAccount) {
    return ApiRig.request(cluster, namespace, serviceAccount);
  }

  PodIdentityAssociation create(String namespace, String serviceAccount) {
    return admin
        .createPodIdentityAssociation(request(namespace, serviceAccount).build())
        .join()
        .association();
  }
}
