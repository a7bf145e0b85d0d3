package io.claviger.launcher.kube;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Forwards connections like {@code kubectl port-forward}, in its own process. */
public final class LoopbackForward {

  private LoopbackForward() {}

  /** The arguments are the port to listen on and the port to connect to. */
  public static void main(String[] args) throws IOException {
    InetAddress loopback = InetAddress.getByName("127.0.0.1");
    try (ServerSocket server = new ServerSocket(Integer.parseInt(args[0]), 50, loopback)) {
      while (true) {
        Socket from = server.accept();
        Socket to = new Socket(loopback, Integer.parseInt(args[1]));
        copy(from, to);
        copy(to, from);
      }
    }
  }

  private static void copy(Socket from, Socket to) {
    Thread.ofVirtual()
        .start(
            () -> {
              try (from;
                  to) {
                from.getInputStream().transferTo(to.getOutputStream());
              } catch (IOException e) {
                // The other side has closed.
              }
            });
  }
}
