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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;

/** Seeds by what {@code associations apply} does. */
final class CommandSeeds implements AssociationSeeds {

  @Override
  public void apply(
      URI endpoint, ClusterFacts cluster, MeshState.AdminKey admin, Path manifest) {
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
      new ApplyAssociations(api)
          .apply(
              declared,
              ApplyAssociations.Mode.PLAIN,
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

  private static List<AssociationSpec> read(Path manifest) {
    try {
      return ManifestFiles.read(manifest.toString(), InputStream.nullInputStream());
    } catch (InvalidManifestException e) {
      throw new MeshException(String.valueOf(e.getMessage()));
    }
  }
}
