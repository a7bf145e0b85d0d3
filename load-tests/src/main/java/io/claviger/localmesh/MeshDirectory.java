package io.claviger.localmesh;

import java.nio.file.Path;
import java.util.List;

/**
 * The files of a mesh, all private to their owner. The next mesh's start deletes the files of an
 * earlier one, by these names only.
 *
 * @param root the directory
 */
public record MeshDirectory(Path root) {

  private static final List<String> FOLDERS =
      List.of(
          "logs", "tls", "sealing-keys", "issuer", "tokens", "access", "settings", "kafka", "aws");

  /** Creates the directory, and deletes the files of an earlier mesh. */
  MeshDirectory prepare() {
    PrivateFiles.directory(root);
    FOLDERS.forEach(
        name -> {
          PrivateFiles.delete(root.resolve(name));
          PrivateFiles.directory(root.resolve(name));
        });
    return this;
  }

  Path state() {
    return root.resolve("mesh.json");
  }

  Path log(String member) {
    return root.resolve("logs").resolve(member + ".log");
  }

  Path settings(String member) {
    return root.resolve("settings").resolve(member + ".yaml");
  }

  Path token(String name) {
    return root.resolve("tokens").resolve(name);
  }

  Path accessKeys() {
    return root.resolve("access").resolve("access-keys.yaml");
  }

  Path grants() {
    return root.resolve("access").resolve("grants.yaml");
  }

  Path tls() {
    return root.resolve("tls");
  }

  Path sealingKeys() {
    return root.resolve("sealing-keys");
  }

  /** Directory of the key and the key set of the pods' issuer. */
  public Path issuer() {
    return root.resolve("issuer");
  }

  /** Kafka's data directory. */
  public Path kafka() {
    return root.resolve("kafka");
  }

  Path awsConfig() {
    return root.resolve("aws").resolve("config");
  }

  Path awsCredentials() {
    return root.resolve("aws").resolve("credentials");
  }
}
