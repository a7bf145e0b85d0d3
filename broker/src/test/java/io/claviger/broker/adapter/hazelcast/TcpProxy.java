package io.claviger.broker.adapter.hazelcast;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Forwards connections to a port of this machine, and keeps every byte in both directions. */
final class TcpProxy implements AutoCloseable {

  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final int target;
  private final ServerSocket listener;
  private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
  private final List<Closeable> open = new CopyOnWriteArrayList<>();
  private final Object gate = new Object();
  private boolean paused;

  TcpProxy(int target) {
    this.target = target;
    try {
      listener = new ServerSocket(0, 50, LOOPBACK);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    open.add(listener);
    start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  int target() {
    return target;
  }

  /** Returns all bytes so far, in both directions. */
  byte[] seen() {
    synchronized (seen) {
      return seen.toByteArray();
    }
  }

  /** Stops forwarding; connections stay open. */
  void hold() {
    synchronized (gate) {
      paused = true;
    }
  }

  /** Forwards the retained bytes, and all later ones. */
  void release() {
    synchronized (gate) {
      paused = false;
      gate.notifyAll();
    }
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listener.accept();
      Socket server = new Socket(LOOPBACK, target);
      open.addAll(List.of(client, server));
      start(() -> pass(client, server));
      start(() -> pass(server, client));
    }
  }

  private void pass(Socket from, Socket to) throws IOException {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[16 * 1024];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        synchronized (seen) {
          seen.write(buffer, 0, read);
        }
        waitForTheGate();
        out.write(buffer, 0, read);
      }
    }
  }

  private void waitForTheGate() throws IOException {
    synchronized (gate) {
      while (paused) {
        try {
          gate.wait();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }
    }
  }

  private static void start(Pass pass) {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                pass.run();
              } catch (IOException e) {
                // The connection has ended, and its thread with it.
              }
            });
  }

  private interface Pass {
    void run() throws IOException;
  }

  @Override
  public void close() throws IOException {
    release();
    for (Closeable connection : open) {
      connection.close();
    }
  }
}
