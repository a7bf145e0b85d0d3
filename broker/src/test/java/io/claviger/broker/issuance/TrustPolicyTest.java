package io.claviger.broker.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.claviger.broker.cli.IamPolicies;
import io.claviger.schemas.association.AssociationSpec;
import io.claviger.schemas.association.TagScope;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The printed trust policies require exactly what sessions are opened with. */
final class TrustPolicyTest {

  private static final String TAG = "aws:RequestTag/";
  private static final String ROLE = "arn:aws:iam::123456789012:role/pods/cart";
  private static final String TARGET = "arn:aws:iam::210987654321:role/far";
  private static final ClusterProfile CLUSTER =
      new ClusterProfile(
          "c1",
          "arn:aws:eks:eu-central-1:123456789012:cluster/c1",
          "123456789012",
          "eu-central-1",
          TagScope.SERVICE_ACCOUNT);
  private static final IamPolicies.Workload WHOM =
      new IamPolicies.Workload(
          CLUSTER.arn(), Samples.CART.namespace(), Samples.CART.serviceAccount());

  private static RoleSessions.Request request(AssociationSpec spec) {
    return new SessionPlanner(Map.of("c1", CLUSTER), Duration.ofHours(1))
        .plan(Samples.association(1, spec), Samples.CART)
        .orElseThrow()
        .request();
  }

  @ParameterizedTest
  @EnumSource
  void conditionsAreTagsThatEverySessionCarries(TagScope scope) throws Exception {
    Map<String, String> wanted = conditions(IamPolicies.trustByTags("broker", WHOM, false));
    Map<String, String> sent = new HashMap<>();
    request(Samples.spec(Map.of(TagScope.TAG, scope.text())))
        .tags()
        .forEach((key, value) -> sent.put(TAG + key, value));

    assertThat(wanted).isNotEmpty();
    assertThat(sent).containsAllEntriesOf(wanted);
  }

  @Test
  void externalIdIsTheOneThatIsSentWithoutTags() throws Exception {
    RoleSessions.Request untagged =
        request(new AssociationSpec("shop", "cart", ROLE, null, true, null, Map.of()));

    assertThat(conditions(IamPolicies.trustByExternalId("broker", WHOM, false)))
        .containsEntry("sts:ExternalId", untagged.externalId());
    assertThat(untagged.tags()).isEmpty();
  }

  @Test
  void externalIdIsTheOneThatATargetRoleSees() throws Exception {
    RoleSessions.Request chained =
        request(new AssociationSpec("shop", "cart", ROLE, TARGET, false, null, Map.of()));

    assertThat(conditions(IamPolicies.trustOfTarget(ROLE, WHOM)))
        .containsEntry("sts:ExternalId", chained.externalId());
  }

  private static Map<String, String> conditions(String policy) throws Exception {
    JsonNode equal = new ObjectMapper().readTree(policy).at("/Statement/0/Condition/StringEquals");
    Map<String, String> conditions = new HashMap<>();
    equal.fields().forEachRemaining(one -> conditions.put(one.getKey(), one.getValue().asText()));
    return conditions;
  }
}
