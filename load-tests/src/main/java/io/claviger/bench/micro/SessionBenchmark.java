package io.claviger.bench.micro;

import io.claviger.config.cluster.Sealer;
import io.claviger.config.cluster.SealingKeys;
import io.claviger.config.cluster.Unsealed;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.bus.SessionKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A session in the brokers' shared map: its key, sealing it, opening it (AES-256-GCM). */
@State(Scope.Benchmark)
public class SessionBenchmark {

  private static final int KEY_BYTES = 32;

  private final byte[] plain = SchemaJson.writeBytes(Samples.CREDENTIALS);
  private final String mapKey = key();
  private final Sealer sealer = new Sealer("claviger.sessions", keys(), new SecureRandom());
  private final byte[] sealed = seal();

  @Benchmark
  public String key() {
    return SessionKey.of(Samples.ASSOCIATION, Samples.WORKLOAD, TagScope.SERVICE_ACCOUNT).text();
  }

  @Benchmark
  public final byte[] seal() {
    return sealer.seal(mapKey, plain, Samples.CREDENTIALS.expiration());
  }

  @Benchmark
  public byte[] open() {
    return sealer.unseal(mapKey, sealed, Samples.NOW) instanceof Unsealed.Opened(byte[] opened)
        ? opened
        : refused();
  }

  private static byte[] refused() {
    throw new IllegalStateException("the sealed session does not open");
  }

  /** Reads keys as a broker does; the directory is not needed after that. */
  private static SealingKeys keys() {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    try {
      Path directory = Files.createTempDirectory("claviger-jmh");
      Path file = directory.resolve("k1.key");
      Path active = directory.resolve("active");
      Files.writeString(file, Base64.getEncoder().encodeToString(key));
      Files.writeString(active, "k1");
      SealingKeys keys = SealingKeys.open(directory);
      for (Path path : new Path[] {file, active, directory}) {
        Files.delete(path);
      }
      return keys;
    } catch (IOException e) {
      throw new IllegalStateException("cannot create a temporary directory", e);
    }
  }
}
