package io.claviger.mesh;

import io.claviger.broker.cli.ApiAccess;
import io.claviger.broker.cli.ApplyAssociations;
import io.claviger.broker.cli.AssociationManifest.InvalidManifestException;
import io.claviger.broker.cli.AssociationsApi;
import io.claviger.broker.cli.ManifestFiles;
import io.claviger.schemas.association.AssociationSpec;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/** Makes the associations of a manifest so, as an operator's {@code associations apply} does. */
final class CommandSeeds {

  private static final Duration POLL = Duration.ofMillis(100);

  private final Duration patience;

  /**
   * Seeds.
   *
   * @param patience how long an API is waited for that does not answer yet
   */
  CommandSeeds(Duration patience) {
    this.patience = patience;
  }

  /**
   * Returns once every association of the manifest is as declared.
   *
   * @param endpoint of a broker's API
   * @param admin the operator's key
   * @param manifest YAML documents of {@code kind: PodIdentityAssociation}
   * @throws MeshException naming what was refused
   */
  void apply(URI endpoint, ClusterFacts cluster, MeshState.AdminKey admin, Path manifest) {
    List<AssociationSpec> declared = read(manifest);
    ApiAccess access =
        new ApiAccess(
            endpoint,
            cluster.name(),
            cluster.region(),
            Optional.empty(),
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(admin.id(), admin.secret())));
    List<String> failed = new ArrayList<>();
    try (AssociationsApi api = access.connect()) {
      applyOnceItAnswers(
          new ApplyAssociations(api),
          declared,
          (line, good) -> {
            if (!good) {
              failed.add(line);
            }
          });
    } catch (SdkException e) {
      failed.add(String.valueOf(e.getMessage()));
    }
    if (!failed.isEmpty()) {
      throw new MeshException(manifest + " cannot be applied:\n" + String.join("\n", failed));
    }
  }

  private void applyOnceItAnswers(
      ApplyAssociations apply, List<AssociationSpec> declared, ApplyAssociations.Report report) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        apply.apply(declared, ApplyAssociations.Mode.PLAIN, report);
        return;
      } catch (SdkClientException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        LockSupport.parkNanos(POLL.toNanos());
      }
    }
  }

  private static List<AssociationSpec> read(Path manifest) {
    try {
      return ManifestFiles.read(manifest.toString(), InputStream.nullInputStream());
    } catch (InvalidManifestException e) {
      throw new MeshException(String.valueOf(e.getMessage()));
    }
  }
}
