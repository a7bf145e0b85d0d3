package io.claviger.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.cli.DoctorCommand;
import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.TokenRequest;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import picocli.CommandLine;

/** {@code doctor} with the environment of a pod of a running mesh. */
@ExtendWith(SharedMesh.class)
@Tag("alone")
final class DoctorScenarioIT {

  private record Ran(int code, String out) {}

  private static Ran doctor(ScenarioMesh mesh, String serviceAccount) {
    EdgeMember edge = mesh.mesh().edge(1);
    Path token =
        mesh.mesh()
            .keepToken(
                "doctor-" + serviceAccount,
                TokenRequest.ofPod("doctor", serviceAccount, serviceAccount + "-0", edge.node()));
    Map<String, String> environment =
        Map.of(
            "AWS_CONTAINER_CREDENTIALS_FULL_URI", edge.credentials().toString(),
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token.toString(),
            "AWS_ENDPOINT_URL_STS", Objects.requireNonNull(mesh.mesh().stsEndpoint()).toString(),
            "AWS_REGION", "eu-central-1",
            "CLAVIGER_CLUSTER", "local");
    StringWriter out = new StringWriter();
    int code =
        new CommandLine(new DoctorCommand(environment))
            .setOut(new PrintWriter(out))
            .execute(
                "--sts",
                "--broker-management=" + mesh.mesh().brokers().getFirst().metrics().resolve("/"));
    return new Ran(code, out.toString());
  }

  @Test
  void aPodOfAHealthyMeshHasNothingToMend(ScenarioMesh mesh) {
    mesh.associate("doctor", "web", "doctor-web", Map.of());

    Ran ran = doctor(mesh, "web");

    assertThat(ran.code()).as(ran.out()).isZero();
    assertThat(ran.out())
        .containsPattern("ok +credentials .* good for")
        .containsPattern("ok +STS +— identity arn:aws:sts::123456789012:assumed-role/doctor-web/")
        .containsPattern("ok +broker +— http")
        .containsPattern("ok +broker identity ")
        .doesNotContain("FAIL");
  }

  @Test
  void aServiceAccountThatNobodyAssociatedGetsTheCommand(ScenarioMesh mesh) {
    Ran ran = doctor(mesh, "nobody");

    assertThat(ran.code()).as(ran.out()).isEqualTo(1);
    assertThat(ran.out())
        .containsPattern("FAIL +credentials +— ServiceUnavailableException")
        .contains(
            "aws eks create-pod-identity-association --endpoint-url BROKERS_API_URL --cluster-name local --namespace doctor"
                + " --service-account nobody --role-arn ROLE_ARN");
  }
}
