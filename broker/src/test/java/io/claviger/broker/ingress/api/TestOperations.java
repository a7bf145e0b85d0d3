package io.claviger.broker.ingress.api;

import io.claviger.broker.association.AssociationCatalog;
import io.claviger.broker.association.AssociationCommands;
import io.claviger.broker.association.AssociationTable;
import io.claviger.broker.association.AssociationWatches;
import io.claviger.broker.association.ChangeHistory;
import io.claviger.broker.association.Grant;
import io.claviger.broker.association.Grants;
import io.claviger.broker.association.ReadBarrier;
import io.claviger.config.cluster.Sealer;
import io.claviger.config.cluster.SealingKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** All operations on an empty table, with one key that has all grants. */
final class TestOperations {

  static final String CALLER = "tester";

  private TestOperations() {}

  /** Writes a sealing key for page tokens to the directory. */
  static ApiOperations of(Path keys, AssociationCommands commands) throws IOException {
    Files.writeString(keys.resolve("one.key"), Base64.getEncoder().encodeToString(new byte[32]));
    Files.writeString(keys.resolve("active"), "one");
    AssociationTable table = new AssociationTable(1);
    ReadBarrier readBarrier =
        (cluster, timeout) -> CompletableFuture.completedFuture(ReadBarrier.Reach.REACHED);
    return ApiOperations.of(
        new ApiOperations.Ports(
            Map.of("c1", Samples.CLUSTER),
            List.of(Samples.DESCRIPTION),
            () -> new Grants(List.of(Grant.ofEverything("key/" + CALLER))),
            new AssociationCatalog(table, readBarrier),
            new AssociationWatches(table, new ChangeHistory(1), readBarrier),
            commands,
            new Sealer(PageTokens.NAME, SealingKeys.open(keys), new SecureRandom()),
            (token, caller, priority) -> new CompletableFuture<>(),
            (workload, priority, minPosition, wait) -> new CompletableFuture<>(),
            InstantSource.system(),
            UUID::randomUUID));
  }
}
