package io.claviger.localmesh;

import io.claviger.config.lifecycle.HostPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes the directory's {@code mesh.json} while a mesh runs, and allows one mesh in a directory.
 */
final class MeshStateFile {

  private final MeshDirectory directory;
  private final ClusterFacts cluster;
  private final HostPort kafka;
  private final @Nullable URI sts;
  private final MeshState.ProcessMark launcher =
      MeshState.ProcessMark.of("launcher", ProcessHandle.current())
          .orElseThrow(() -> new MeshException("this system does not provide process start times"));
  private final MeshState.AdminKey admin = newAdminKey();
  private @Nullable URI credentials;
  private @Nullable Path tokenFile;
  private @Nullable URI api;
  private boolean closed;

  MeshStateFile(MeshDirectory directory, ClusterFacts cluster, HostPort kafka, @Nullable URI sts) {
    this.directory = directory;
    this.cluster = cluster;
    this.kafka = kafka;
    this.sts = sts;
  }

  /**
   * Prepares the directory for a new mesh; ends the processes of a launcher that was killed.
   *
   * @throws MeshException when a mesh runs there
   */
  static MeshDirectory claim(MeshDirectory directory) {
    PrivateFiles.directory(directory.root());
    Optional<MeshState> earlier = MeshState.read(directory);
    if (earlier.isPresent()) {
      if (earlier.get().running()) {
        throw new MeshException(
            "a mesh runs in "
                + directory.root()
                + " already (process "
                + earlier.get().launcher().pid()
                + "): stop it, or name another --directory");
      }
      earlier.get().members().forEach(MeshStateFile::end);
      delete(directory.state());
    }
    return directory.prepare();
  }

  private static void end(MeshState.ProcessMark left) {
    left.find()
        .ifPresent(
            process -> {
              process.destroyForcibly();
              process.onExit().orTimeout(10, TimeUnit.SECONDS).exceptionally(e -> process).join();
            });
  }

  synchronized void publishPod(URI asksAt, Path token) {
    credentials = asksAt;
    tokenFile = token;
  }

  /** The operator's key. */
  MeshState.AdminKey admin() {
    return admin;
  }

  synchronized void publishApi(URI endpoint) {
    api = endpoint;
  }

  synchronized void write(List<Member> members) {
    if (closed) {
      return;
    }
    new MeshState(
            launcher,
            members.stream().flatMap(member -> member.mark().stream()).toList(),
            cluster,
            kafka.toString(),
            sts,
            credentials,
            tokenFile,
            admin,
            api,
            api)
        .write(directory);
  }

  synchronized void close() {
    if (!closed) {
      closed = true;
      delete(directory.state());
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + file, e);
    }
  }

  private static MeshState.AdminKey newAdminKey() {
    byte[] secret = new byte[30];
    new SecureRandom().nextBytes(secret);
    return new MeshState.AdminKey("CLAVIGERLOCALADMIN", Base64.getEncoder().encodeToString(secret));
  }
}
