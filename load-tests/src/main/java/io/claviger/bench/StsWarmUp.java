package io.claviger.bench;

import io.claviger.localmesh.LocalMesh;
import io.claviger.stsfake.Principal;
import io.claviger.stsfake.SigningKey;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Tag;

/** Warms up the STS stand-in, because the real STS is warm even for a new mesh. */
final class StsWarmUp {

  private static final int CALLS = 3_000;

  private StsWarmUp() {}

  /** Sends some thousand calls to STS. */
  static void of(LocalMesh mesh) {
    String account = mesh.options().cluster().account();
    SigningKey key =
        mesh.sts().register(Principal.session("arn:aws:iam::" + account + ":role/gate", "gate"));
    try (StsClient client =
        StsClient.builder()
            .region(Region.US_EAST_1)
            .endpointOverride(mesh.sts().endpoint())
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey())))
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .build()) {
      for (int i = 0; i < CALLS; i++) {
        String role = Accounts.role(mesh, "warm-up", i);
        client.assumeRole(
            call ->
                call.roleArn(role)
                    .roleSessionName("gate")
                    .tags(Tag.builder().key("warm").value("up").build()));
      }
    }
  }
}
