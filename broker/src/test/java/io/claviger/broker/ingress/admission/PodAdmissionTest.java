package io.claviger.broker.ingress.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.claviger.broker.association.DeclaredAssociations.Answer;
import io.claviger.broker.identity.ServiceAccountMetadata;
import io.claviger.broker.ingress.admission.AdmissionDecision.Injected;
import io.claviger.broker.ingress.admission.AdmissionDecision.Untouched;
import io.claviger.broker.ingress.admission.AdmissionDecision.Why;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.event.CredentialEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class PodAdmissionTest {

  private static final Instant NOW = Instant.parse("2026-11-24T19:38:51Z");

  private final FakeTable table = new FakeTable();
  private final Map<String, ServiceAccountMetadata> accounts = new ConcurrentHashMap<>();
  private final List<AssociationKey> left = new ArrayList<>();
  private final List<CredentialEvent> events = new ArrayList<>();
  private Answer declared = Answer.NOT_DECLARED;
  private final PodAdmission admission =
      new PodAdmission(
          Reviews.USUAL,
          new PodAdmission.Ports(
              table,
              (namespace, name) -> CompletableFuture.completedFuture(declared),
              (namespace, name) ->
                  CompletableFuture.completedFuture(
                      accounts.getOrDefault(namespace + "/" + name, ServiceAccountMetadata.NONE)),
              events::add,
              left::add),
          "broker-1",
          () -> NOW,
          () -> Reviews.RANDOM);

  private AdmissionDecision decide(String name, Consumer<ObjectNode> change) {
    return decide(name, false, change);
  }

  private AdmissionDecision decide(String name, boolean always, Consumer<ObjectNode> change) {
    ObjectNode review = Reviews.named(name).json().deepCopy();
    change.accept(review.withObject("/request/object"));
    return admission
        .decide(
            AdmissionReview.read(review.toString().getBytes(StandardCharsets.UTF_8))
                .request()
                .newPod(always)
                .orElseThrow())
        .toCompletableFuture()
        .join();
  }

  private AdmissionDecision decide(String name) {
    return decide(name, pod -> {});
  }

  private static JsonNode patch(AdmissionDecision decision) {
    assertThat(decision).isInstanceOf(Injected.class);
    return Reviews.asJson(((Injected) decision).patch());
  }

  @Test
  void givesAPodOfAnAssociatedServiceAccountWhatItNeedsAndRecordsIt() {
    assertThat(patch(decide("plain"))).isEqualTo(Reviews.patch("plain"));
    assertThat(events)
        .containsExactly(
            CredentialEvent.of(CredentialEvent.Type.INJECTED, NOW, "broker-1", "prod")
                .of("shop", "cart")
                .pod("plain", null)
                .under("a-cart", 2)
                .role("arn:aws:iam::123456789012:role/pods/cart")
                .build());
  }

  @Test
  void recordsOfAPodWhoseNameIsYetToBeHowItBegins() {
    assertThat(patch(decide("gen-"))).isEqualTo(Reviews.patch("gen-"));
    assertThat(events).extracting(CredentialEvent::podName).containsOnlyNulls();
    assertThat(events).extracting(CredentialEvent::message).containsExactly("named gen-*");
  }

  @Test
  void recordsNothingOfWhatIsOnlyTried() {
    assertThat(patch(decide("dry"))).isEqualTo(Reviews.patch("dry"));
    assertThat(events).isEmpty();
  }

  @Test
  void leavesAPodWithoutAnAssociation() {
    assertThat(decide("host-net")).isEqualTo(new Untouched(Why.NO_ASSOCIATION));
    assertThat(decide("no-sa")).isEqualTo(new Untouched(Why.NO_ASSOCIATION));
  }

  @Test
  void goesByTheServiceAccountsOldNameWhereThatAloneIsSaid() {
    AdmissionDecision decision =
        decide("plain", pod -> pod.withObject("/spec").remove("serviceAccountName"));

    assertThat(patch(decision)).isEqualTo(Reviews.patch("plain"));
  }

  @Test
  void takesAPodThatSaysNoServiceAccountForOneOfTheDefault() {
    AdmissionDecision decision =
        decide(
            "plain",
            pod -> pod.withObject("/spec").put("serviceAccountName", "").remove("serviceAccount"));

    assertThat(decision).isEqualTo(new Untouched(Why.NO_ASSOCIATION));
  }

  @Test
  void leavesAPodThatDoesNotWantIt() {
    AdmissionDecision decision =
        decide(
            "plain",
            pod ->
                pod.withObject("/metadata/labels")
                    .put("eks.amazonaws.com/skip-pod-identity-webhook", "false"));

    assertThat(decision).isEqualTo(new Untouched(Why.NOT_MEANT));
  }

  @Test
  void leavesAStaticPodThatWouldBeRefusedWithAToken() {
    AdmissionDecision decision =
        decide(
            "plain",
            pod -> pod.withObject("/metadata/annotations").put("kubernetes.io/config.mirror", "x"));

    assertThat(decision).isEqualTo(new Untouched(Why.NOT_MEANT));
  }

  @Test
  void leavesAPodThatHasEverything() {
    AdmissionDecision decision = decide("plain", pod -> pod.setAll((ObjectNode) patchedPlain(pod)));

    assertThat(decision).isEqualTo(new Untouched(Why.COMPLETE));
    assertThat(events).isEmpty();
  }

  private static JsonNode patchedPlain(JsonNode pod) {
    return Reviews.apply(Reviews.patch("plain"), pod);
  }

  @Test
  void letsAPodInAsItIsWhileTheTableIsBehind() {
    table.behind = true;
    assertThat(decide("plain")).isEqualTo(new Untouched(Why.UNKNOWN));

    table.behind = false;
    assertThat(decide("plain")).isInstanceOf(Injected.class);
  }

  @Test
  void injectsAPodWhoseAssociationIsDeclaredAlsoWhileTheTableIsBehind() {
    table.behind = true;
    declared = Answer.DECLARED;

    assertThat(decide("plain", PodAdmissionTest::unassociated)).isInstanceOf(Injected.class);
  }

  @Test
  void doesForTheServiceAccountWhatItsAnnotationsSay() {
    accounts.put(
        "shop/cart",
        new ServiceAccountMetadata(Map.of(), Map.of(InjectionOptions.TOKEN_EXPIRATION, "7200")));

    assertThat(
            patch(decide("plain"))
                .at("/1/value/projected/sources/0/serviceAccountToken/expirationSeconds")
                .asLong())
        .isEqualTo(7200);
    assertThat(patch(decide("skip-and-expiry"))).isEqualTo(Reviews.patch("skip-and-expiry"));
  }

  /** Returns a pod whose service account has no association. */
  private static void unassociated(ObjectNode pod) {
    pod.withObject("/spec").put("serviceAccountName", "new");
  }

  @Test
  void injectsAPodWhoseAssociationIsDeclaredByAnObjectAndNotDecidedYet() {
    declared = Answer.DECLARED;

    assertThat(patch(decide("plain", PodAdmissionTest::unassociated)))
        .isEqualTo(Reviews.patch("plain"));
    assertThat(events)
        .containsExactly(
            CredentialEvent.of(CredentialEvent.Type.INJECTED, NOW, "broker-1", "prod")
                .of("shop", "new")
                .pod("plain", null)
                .because(null, "declared by an object that is not applied yet")
                .build());
    assertThat(left).isEmpty();
  }

  @Test
  void leavesItToTheFailurePolicyWhileNobodyCanSayWhatIsDeclared() {
    declared = Answer.UNKNOWN;

    assertThat(decide("plain", PodAdmissionTest::unassociated))
        .isEqualTo(new Untouched(Why.UNKNOWN));
    assertThat(decide("plain")).isInstanceOf(Injected.class);
    assertThat(left).containsExactly(new AssociationKey("prod", "shop", "new"));
  }

  @Test
  void injectsWithoutAnAssociationWhereThePodItsServiceAccountOrItsNamespaceSaysAlways() {
    AdmissionDecision byLabel =
        decide(
            "plain",
            pod -> {
              unassociated(pod);
              pod.withObject("/metadata/labels").put("claviger.io/inject", "always");
            });
    AdmissionDecision byNamespace = decide("plain", true, PodAdmissionTest::unassociated);
    accounts.put(
        "shop/new", new ServiceAccountMetadata(Map.of("claviger.io/inject", "always"), Map.of()));
    AdmissionDecision byAccount = decide("plain", PodAdmissionTest::unassociated);

    assertThat(List.of(byLabel, byNamespace, byAccount)).hasOnlyElementsOfType(Injected.class);
    assertThat(events)
        .hasSize(3)
        .extracting(CredentialEvent::message)
        .containsOnly("claviger.io/inject=always");
  }

  @Test
  void injectsWhereThatIsAlwaysDoneAlsoWhileTheTableIsBehind() {
    table.behind = true;

    assertThat(decide("plain", true, pod -> {})).isInstanceOf(Injected.class);
  }

  @Test
  void leavesAPodThatDoesNotWantItAlsoWhereEveryPodIsInjected() {
    AdmissionDecision decision =
        decide(
            "plain",
            true,
            pod ->
                pod.withObject("/metadata/labels")
                    .put("eks.amazonaws.com/skip-pod-identity-webhook", ""));

    assertThat(decision).isEqualTo(new Untouched(Why.NOT_MEANT));
  }

  @Test
  void ignoresAnotherValueOfTheLabel() {
    AdmissionDecision decision =
        decide(
            "plain",
            pod -> {
              unassociated(pod);
              pod.withObject("/metadata/labels").put("claviger.io/inject", "true");
            });

    assertThat(decision).isEqualTo(new Untouched(Why.NO_ASSOCIATION));
  }

  @Test
  void tellsOfAPodThatIsLeftForWantOfAnAssociationUnlessItIsOnlyTried() {
    decide("plain", PodAdmissionTest::unassociated);
    decide("plain");
    decide("dry", PodAdmissionTest::unassociated);

    assertThat(left).containsExactly(new AssociationKey("prod", "shop", "new"));
  }
}
