package io.claviger.broker.adapter.peers;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tests of two joined brokers: one owns the key that the other requests. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PeerCase {

  PeerMesh mesh;

  @BeforeAll
  void join(@TempDir Path directory) throws Exception {
    mesh = new PeerMesh(directory);
  }

  @BeforeEach
  void deployTheOwner() throws Exception {
    mesh.deployTheOwner();
  }

  @AfterEach
  void undeployTheOwner() throws Exception {
    mesh.undeployTheOwner();
  }

  @AfterAll
  void leave() throws Exception {
    mesh.close();
  }
}
