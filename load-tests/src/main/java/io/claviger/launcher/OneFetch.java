package io.claviger.launcher;

import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.MeshException;
import io.claviger.scenario.Fetch;
import io.claviger.scenario.PodEnvironment;
import io.claviger.scenario.SdkClient;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;

/** Checks the mesh with one fetch by an unmodified AWS SDK, as in a pod. */
final class OneFetch {

  private final Region region;
  private final @Nullable URI sts;

  OneFetch(LocalMesh mesh) {
    this.region = Region.of(mesh.options().cluster().region());
    this.sts = mesh.stsEndpoint();
  }

  /**
   * Fetches credentials through the edge, calls GetCallerIdentity with them, and returns the ARN.
   *
   * @throws MeshException with the SDK's reason when either fails
   */
  String assumedRole(PodEnvironment pod) throws InterruptedException {
    return switch (new SdkClient().fetch(pod)) {
      case Fetch.Got got -> callerIdentity(got);
      case Fetch.Failed failed ->
          throw new MeshException(
              "no credentials from " + pod.credentials() + ": " + failed.message());
    };
  }

  private String callerIdentity(Fetch.Got got) {
    try (StsClient client =
        StsClient.builder()
            .region(region)
            .endpointOverride(sts)
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsSessionCredentials.create(
                        got.accessKeyId(), got.secretAccessKey(), got.sessionToken())))
            .build()) {
      return client.getCallerIdentity().arn();
    } catch (SdkException e) {
      throw new MeshException("STS rejects the credentials: " + e.getMessage(), e);
    }
  }
}
