package io.claviger.localmesh;

/** The brokers' files with access keys of the association API, and with the grants of each key. */
final class OperatorFiles {

  /** The name of the operator's key. */
  static final String ADMIN = "admin";

  private OperatorFiles() {}

  /** Writes both files: one key, which may do everything. */
  static void write(MeshDirectory directory, MeshState.AdminKey admin) {
    PrivateFiles.write(
        directory.accessKeys(),
        """
        accessKeys:
          - name: %s
            accessKeyId: %s
            secretAccessKey: "%s"
        """
            .formatted(ADMIN, admin.id(), admin.secret()));
    PrivateFiles.write(
        directory.grants(),
        """
        grants:
          - key: %s
            cluster: "*"
            namespaces: ["*"]
            roles: ["*"]
            targetRoles: ["*"]
            assume: true
            revoke: true
        """
            .formatted(ADMIN));
  }
}
