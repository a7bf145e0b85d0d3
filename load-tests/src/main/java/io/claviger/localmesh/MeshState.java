package io.claviger.localmesh;

import io.claviger.schemas.SchemaJson;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A running mesh as other processes see it: the file {@code mesh.json} in its directory, private to
 * its owner.
 *
 * @param launcher the process that runs the mesh
 * @param members the processes that it has started
 * @param cluster the simulated Kubernetes cluster
 * @param kafka bootstrap servers
 * @param sts the stand-in; absent where brokers call AWS itself
 * @param credentials the default pod's endpoint; absent until the mesh is ready
 * @param tokenFile the default pod's token, renewed in time; absent until the mesh is ready
 * @param admin the operator's key
 * @param eks the association API; absent while there is none
 * @param eksAuth the EKS Auth API; absent while there is none
 */
public record MeshState(
    ProcessMark launcher,
    List<ProcessMark> members,
    ClusterFacts cluster,
    String kafka,
    @Nullable URI sts,
    @Nullable URI credentials,
    @Nullable Path tokenFile,
    AdminKey admin,
    @Nullable URI eks,
    @Nullable URI eksAuth) {

  public MeshState {
    members = List.copyOf(members);
  }

  /** Reads the directory's file; empty when there is none. The mesh may have ended since. */
  public static Optional<MeshState> read(MeshDirectory directory) {
    try {
      return Optional.of(SchemaJson.read(Files.readString(directory.state()), MeshState.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new MeshException("cannot read " + directory.state() + ": " + e.getMessage(), e);
    } catch (SchemaJson.MalformedRecordException e) {
      throw new MeshException(
          directory.state() + " is of another version: if no mesh runs, delete it");
    }
  }

  /** Writes the directory's file. */
  void write(MeshDirectory directory) {
    PrivateFiles.write(directory.state(), SchemaJson.write(this));
  }

  /** Whether the launcher's process exists. */
  public boolean running() {
    return launcher.find().isPresent();
  }

  /**
   * Identifies a process even if its id is reused.
   *
   * @param name for people
   * @param pid its id
   * @param startedAt by the system's clock
   */
  public record ProcessMark(String name, long pid, Instant startedAt) {

    /** The mark of a running process; empty if the system does not provide its start time. */
    public static Optional<ProcessMark> of(String name, ProcessHandle process) {
      return process.info().startInstant().map(at -> new ProcessMark(name, process.pid(), at));
    }

    /** The process, unless its id now belongs to another one. */
    public Optional<ProcessHandle> find() {
      return ProcessHandle.of(pid)
          .filter(process -> process.info().startInstant().filter(startedAt::equals).isPresent());
    }
  }

  /**
   * The operator's key for the mesh's own APIs. {@link #toString()} shows its id only.
   *
   * @param id names it
   * @param secret secret
   */
  public record AdminKey(String id, String secret) {
    @Override
    public String toString() {
      return "AdminKey[id=" + id + "]";
    }
  }
}
