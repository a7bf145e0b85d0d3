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

/** Passes connections on to a port of this machine, and keeps every byte of both ways. */
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

  /** All that has passed, whichever way. */
  byte[] seen() {
    synchronized (seen) {
      return seen.toByteArray();
    }
  }

  /** Lets nothing pass any more; connections stay. */
  void hold() {
    synchronized (gate) {
      paused = true;
    }
  }

  /** Lets pass what was held back, and all that comes. */
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
