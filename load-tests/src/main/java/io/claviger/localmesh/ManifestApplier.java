package io.claviger.localmesh;

import io.claviger.broker.cli.ApiAccess;
import io.claviger.broker.cli.ApplyAssociations;
import io.claviger.broker.cli.ApplyAssociations.Result;
import io.claviger.broker.cli.AssociationsApi;
import io.claviger.broker.cli.ManifestFiles;
import io.claviger.broker.cli.manifest.AssociationManifest.InvalidManifestException;
import io.claviger.schemas.association.AssociationSpec;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;

/** Applies a manifest's associations, as an operator's {@code associations apply} does. */
final class ManifestApplier {

  private static final Duration POLL = Duration.ofMillis(500);

  private final Supplier<StallDetector> stallDetector;

  /**
   * Creates an applier.
   *
   * @param stallDetector limits the retries while an API cannot answer yet
   */
  ManifestApplier(Supplier<StallDetector> stallDetector) {
    this.stallDetector = stallDetector;
  }

  /**
   * Returns when every association of the manifest is as declared.
   *
   * @param endpoint of a broker's API
   * @param admin the operator's key
   * @param manifest YAML documents of {@code kind: PodIdentityAssociation}
   * @throws MeshException with the associations that could not be applied
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
    try (AssociationsApi api = access.connect()) {
      List<String> failed = applyOnceItAnswers(new ApplyAssociations(api), declared);
      if (!failed.isEmpty()) {
        throw new MeshException(manifest + " cannot be applied:\n" + String.join("\n", failed));
      }
    }
  }

  /** The last failures; empty when all associations are as declared. */
  private List<String> applyOnceItAnswers(ApplyAssociations apply, List<AssociationSpec> declared) {
    StallDetector stall = stallDetector.get();
    while (true) {
      Attempt attempt = new Attempt();
      attempt.run(apply, declared);
      if (!attempt.mayPass() || stall.isStalled()) {
        return attempt.failed;
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  /** One attempt to apply all associations. */
  private static final class Attempt {
    private final List<String> failed = new ArrayList<>();
    private boolean refused;

    void run(ApplyAssociations apply, List<AssociationSpec> declared) {
      try {
        apply.apply(declared, ApplyAssociations.Mode.PLAIN, this::note);
      } catch (SdkException e) {
        note(String.valueOf(e.getMessage()), Result.of(e));
      }
    }

    private void note(String line, Result result) {
      if (result != Result.AS_DECLARED) {
        failed.add(line);
      }
      refused |= result == Result.REFUSED;
    }

    /** Whether the only cause of failure is that no broker could answer. */
    boolean mayPass() {
      return !failed.isEmpty() && !refused;
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
