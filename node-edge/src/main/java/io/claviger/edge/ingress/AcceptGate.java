package io.claviger.edge.ingress;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.HashSet;
import java.util.Set;

/**
 * Accepts connections while there is memory for them. The rest wait in the kernel's queue, where
 * they take no memory of this process. They are accepted once a quarter of the places is free.
 * Without the gate, all connections are accepted at once and pile up in the queues of busy event
 * loops. Shared by all listeners; thread-safe.
 */
@ChannelHandler.Sharable
final class AcceptGate extends ChannelInboundHandlerAdapter {

  private final int most;
  private final Set<Channel> listeners = new HashSet<>();
  private int open;
  private boolean closed;

  /**
   * Starts open.
   *
   * @param most connections that may be open
   */
  AcceptGate(int most) {
    this.most = most;
  }

  @Override
  public synchronized void handlerAdded(ChannelHandlerContext context) {
    Channel listener = context.channel();
    listeners.add(listener);
    listener.config().setAutoRead(!closed);
    listener.closeFuture().addListener(ended -> forget(listener));
  }

  private synchronized void forget(Channel listener) {
    listeners.remove(listener);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof Channel connection) {
      entered();
      connection.closeFuture().addListener(ended -> left());
    }
    super.channelRead(context, message);
  }

  private synchronized void entered() {
    open++;
    if (open >= most) {
      closed = true;
      listeners.forEach(listener -> listener.config().setAutoRead(false));
    }
  }

  private synchronized void left() {
    open--;
    if (closed && open <= most * 3 / 4) {
      closed = false;
      listeners.forEach(listener -> listener.config().setAutoRead(true));
    }
  }

  /** Returns how many connections are open. */
  synchronized int open() {
    return open;
  }
}
