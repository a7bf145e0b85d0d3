package io.claviger.bench;

import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.PrivateFiles;
import io.claviger.localmesh.TokenRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Service accounts of a mesh in generations, each with a role of its own, and their pods. */
public final class Accounts {

  /** The namespace of all service accounts. */
  static final String NAMESPACE = "load";

  private final LocalMesh mesh;

  /** Creates no service accounts yet; the mesh has to be ready. */
  public Accounts(LocalMesh mesh) {
    this.mesh = mesh;
  }

  static String role(LocalMesh mesh, String generation, int account) {
    return "arn:aws:iam::%s:role/pods/%s-%d"
        .formatted(mesh.options().cluster().account(), generation, account);
  }

  /** The name of a service account. */
  static String name(String generation, int account) {
    return generation + "-" + account;
  }

  /**
   * Creates the associations of a generation.
   *
   * @param generation each has service accounts of its own
   */
  public void associate(String generation, int accounts) {
    mesh.apply(
        write(
            "load-" + generation + ".yaml",
            IntStream.range(0, accounts)
                .mapToObj(
                    i ->
                        """
                        ---
                        apiVersion: claviger.io/v1alpha1
                        kind: PodIdentityAssociation
                        metadata: {name: %1$s-%2$d, namespace: %3$s}
                        spec: {serviceAccount: %1$s-%2$d, roleArn: "%4$s"}
                        """
                            .formatted(generation, i, NAMESPACE, role(mesh, generation, i)))
                .collect(Collectors.joining())));
  }

  /** The token of a pod. */
  String token(String generation, int account, String pod, EdgeMember edge) {
    return mesh.token(TokenRequest.ofPod(NAMESPACE, name(generation, account), pod, edge.node()));
  }

  /**
   * Plans one request for each of these pods. Their service accounts take turns, in random order;
   * the pods of one account are on all edges.
   *
   * @param pods name prefix of the pods; pods with a new prefix are new to brokers and edges
   */
  public Path onePodEach(String generation, int accounts, String pods, int count) {
    List<EdgeMember> edges = mesh.edges();
    List<String> requests =
        IntStream.range(0, count)
            .parallel()
            .mapToObj(
                i -> {
                  EdgeMember edge = edges.get((i + i / accounts) % edges.size());
                  return request(generation, i % accounts, pods + "-pod-" + i, edge);
                })
            .collect(Collectors.toCollection(ArrayList::new));
    Collections.shuffle(requests, new Random(1));
    return plan(pods, requests);
  }

  String request(String generation, int account, String pod, EdgeMember edge) {
    return PlannedRequest.line(edge.listen().port(), token(generation, account, pod, edge));
  }

  Path plan(String name, List<String> requests) {
    return write("load-" + name + ".plan", String.join("\n", requests));
  }

  /** Writes a private file, because plans contain tokens. */
  Path write(String name, String text) {
    return PrivateFiles.write(mesh.options().directory().resolve(name), text);
  }
}
