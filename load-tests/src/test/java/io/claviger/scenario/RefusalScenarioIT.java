package io.claviger.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.TokenRequest;
import io.claviger.scenario.ScenarioMesh.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The status of each rejected token. Forged tokens get no credentials and affect no other pod. */
@Tag("alone")
@ExtendWith(SharedMesh.class)
final class RefusalScenarioIT {

  @Test
  void tokensThatAreNotRightAreRefusedWithTheRightStatus(ScenarioMesh mesh) {
    mesh.associate("refused", "web", "refused-web", Map.of());
    EdgeMember edge = mesh.mesh().edge(1);
    TokenRequest right = TokenRequest.ofPod("refused", "web", "web-0", edge.node());

    assertThat(mesh.ask(edge, mesh.mesh().token(right)).status()).isEqualTo(200);
    refused(
        mesh, edge, TokenRequest.ofPod("refused", "web", "web-0", "node-2"), 403, "AccessDenied");
    refused(mesh, edge, right.withAudiences("sts.amazonaws.com"), 403, "AccessDenied");
    refused(mesh, edge, right.withLife(Duration.ofSeconds(-5)), 400, "ExpiredToken");
    TokenRequest nobody = TokenRequest.ofPod("refused", "nobody", "web-0", edge.node());
    refused(mesh, edge, nobody.withAge(Duration.ofMinutes(2)), 404, "NotFound");
    // The association of a new pod may still arrive.
    refused(mesh, edge, nobody, 503, "ServiceUnavailable");
    Answer forged = mesh.ask(edge, forged(mesh.mesh().token(right)));
    assertThat(forged.status()).isEqualTo(400);
    assertThat(forged.field("code")).isEqualTo("InvalidTokenException");
    Answer foreign = mesh.ask(edge, otherIssuersToken(mesh.mesh().token(right)));
    assertThat(foreign.status()).isEqualTo(400);
  }

  @Test
  void aForgedTokenNeitherGetsTheVictimsCredentialNorARefusalForTheVictim(ScenarioMesh mesh) {
    mesh.associate("victim", "web", "victim-web", Map.of());
    EdgeMember edge = mesh.mesh().edge(1);
    for (int round = 0; round < 10; round++) {
      String victim = mesh.token(edge, "victim", "web", "web-" + round);
      List<String> tokens =
          round % 2 == 0 ? List.of(forged(victim), victim) : List.of(victim, forged(victim));

      List<Answer> answers = ScenarioMesh.atOnce(20, i -> mesh.ask(edge, tokens.get(i % 2)));

      for (int i = 0; i < answers.size(); i++) {
        boolean isVictim = tokens.get(i % 2).equals(victim);
        assertThat(answers.get(i).status()).isEqualTo(isVictim ? 200 : 400);
      }
    }
  }

  private static void refused(
      ScenarioMesh mesh, EdgeMember edge, TokenRequest request, int status, String code) {
    Answer answer = mesh.ask(edge, mesh.mesh().token(request));
    assertThat(answer.status()).as("%s", request).isEqualTo(status);
    assertThat(answer.field("code")).contains(code).isEqualTo(answer.field("Code"));
    assertThat(answer.field("message")).isNotBlank().isEqualTo(answer.field("Message"));
  }

  /** The same claims, with one character of the signature changed. */
  private static String forged(String token) {
    int signature = token.lastIndexOf('.') + 1;
    char other = token.charAt(signature) == 'A' ? 'B' : 'A';
    return token.substring(0, signature) + other + token.substring(signature + 1);
  }

  /** The same signature, with claims of another issuer. */
  private static String otherIssuersToken(String token) {
    String[] parts = token.split("\\.", -1);
    String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    String foreign = claims.replace("issuer.local.test", "issuer.other.test");
    assertThat(foreign).isNotEqualTo(claims);
    return parts[0]
        + "."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(foreign.getBytes(StandardCharsets.UTF_8))
        + "."
        + parts[2];
  }
}
