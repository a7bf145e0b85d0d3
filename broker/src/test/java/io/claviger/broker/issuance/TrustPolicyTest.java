package io.claviger.broker.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.claviger.broker.cli.IamPolicies;
import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the printed trust policies ask for is what sessions are opened with. */
final class TrustPolicyTest {

  private static final String TAG = "aws:RequestTag/";
  private static final WorkloadIdentity WORKLOAD = Samples.CART;
  private static final ClusterProfile CLUSTER =
      new ClusterProfile(
          WORKLOAD.cluster(),
          "arn:aws:eks:eu-central-1:123456789012:cluster/" + WORKLOAD.cluster(),
          "123456789012",
          "eu-central-1",
          TagScope.SERVICE_ACCOUNT);
  private static final IamPolicies.Workload WHOM =
      new IamPolicies.Workload(CLUSTER.arn(), WORKLOAD.namespace(), WORKLOAD.serviceAccount());

  @Test
  void conditionsAreTagsThatEverySessionCarries() throws Exception {
    Map<String, String> wanted = conditions(IamPolicies.trustByTags("broker", WHOM, false));

    assertThat(wanted).isNotEmpty().allSatisfy((key, value) -> assertThat(key).startsWith(TAG));
    for (boolean eachPod : new boolean[] {false, true}) {
      Map<String, String> sent = new HashMap<>();
      SessionNames.tags(CLUSTER, WORKLOAD, eachPod).forEach((k, v) -> sent.put(TAG + k, v));
      assertThat(sent).containsAllEntriesOf(wanted);
    }
  }

  @Test
  void externalIdIsTheOneThatIsSent() throws Exception {
    String sent = SessionNames.externalId(CLUSTER, WORKLOAD);

    assertThat(conditions(IamPolicies.trustByExternalId("broker", WHOM, false)))
        .isEqualTo(Map.of("sts:ExternalId", sent));
    assertThat(conditions(IamPolicies.trustOfTarget("source", WHOM)))
        .isEqualTo(Map.of("sts:ExternalId", sent));
  }

  private static Map<String, String> conditions(String policy) throws Exception {
    JsonNode equal = new ObjectMapper().readTree(policy).at("/Statement/0/Condition/StringEquals");
    Map<String, String> conditions = new HashMap<>();
    equal.fields().forEachRemaining(one -> conditions.put(one.getKey(), one.getValue().asText()));
    return conditions;
  }
}
