package io.claviger.launcher;

import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.MeshState;
import io.claviger.stsfake.StsStandIn;
import java.io.PrintWriter;

/** The summary of a mesh that is ready: its addresses, and what to do next. */
final class StartUpSummary {

  private final LocalMesh mesh;
  private final DirectoryOption directory;

  StartUpSummary(LocalMesh mesh, DirectoryOption directory) {
    this.mesh = mesh;
    this.directory = directory;
  }

  void print(PrintWriter out) {
    out.println();
    out.println("The mesh is ready: cluster " + mesh.options().cluster().name());
    for (EdgeMember edge : mesh.edges()) {
      line(out, edge.member().name(), edge.credentials() + ", metrics " + edge.metrics());
    }
    for (BrokerMember broker : mesh.brokers()) {
      line(
          out,
          broker.member().name(),
          "edges connect to " + broker.bridge() + ", metrics " + broker.metrics());
    }
    line(out, "Kafka", mesh.bootstrapServers());
    line(
        out,
        "STS",
        mesh.stsEndpoint() == null
            ? "AWS's own, " + mesh.options().cluster().region()
            : mesh.stsEndpoint() + ", control: " + mesh.stsEndpoint() + StsStandIn.CONTROL_PATH);
    line(out, "logs", directory.get().root().resolve("logs").toString());
    out.println();
    out.println("In another shell, act as the pod checkout-0 of shop:");
    out.println("  eval \"$(" + directory.command("env") + ")\" && aws sts get-caller-identity");
    out.println("which is:");
    MeshState.read(directory.get())
        .ifPresent(state -> ShellLines.pod(state).forEach(line -> out.println("  " + line)));
    out.println();
    out.println("Credential events follow; Ctrl-C stops everything.");
    out.flush();
  }

  private static void line(PrintWriter out, String name, String value) {
    out.printf("  %-10s %s%n", name, value);
  }
}
