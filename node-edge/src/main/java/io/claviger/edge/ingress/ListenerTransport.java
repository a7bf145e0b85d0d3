package io.claviger.edge.ingress;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.transport.Transport;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * A transport that keeps its server channels, so that they can be closed while their accepted
 * connections stay open. Vert.x can only close both. Thread-safe.
 */
final class ListenerTransport implements Transport {

  private final Transport transport;
  private final boolean shared;
  private final AcceptGate gate;
  private final Set<Channel> listening = ConcurrentHashMap.newKeySet();

  /**
   * Wraps a transport.
   *
   * @param shared whether its listeners may share a port with another process
   * @param gate of the listeners that share a port, which are those for pods
   */
  ListenerTransport(Transport transport, boolean shared, AcceptGate gate) {
    this.transport = transport;
    this.shared = shared;
    this.gate = gate;
  }

  /** Closes every listener: no new connection is accepted. */
  void closeListeners() {
    for (Channel channel : listening) {
      channel.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }
  }

  @Override
  public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
    ChannelFactory<? extends ServerChannel> made = transport.serverChannelFactory(domainSocket);
    return () -> keep(made.newChannel());
  }

  private ServerChannel keep(ServerChannel channel) {
    listening.add(channel);
    if (shared) {
      channel.pipeline().addLast(new NewestListener(gate));
    }
    channel.closeFuture().addListener(closed -> listening.remove(channel));
    return channel;
  }

  @Override
  public boolean supportsDomainSockets() {
    return transport.supportsDomainSockets();
  }

  @Override
  public boolean supportFileRegion() {
    return transport.supportFileRegion();
  }

  @Override
  public boolean isAvailable() {
    return transport.isAvailable();
  }

  @Override
  public @Nullable Throwable unavailabilityCause() {
    return transport.unavailabilityCause();
  }

  @Override
  public java.net.SocketAddress convert(SocketAddress address) {
    return transport.convert(address);
  }

  @Override
  public SocketAddress convert(java.net.SocketAddress address) {
    return transport.convert(address);
  }

  @Override
  public IoHandlerFactory ioHandlerFactory() {
    return transport.ioHandlerFactory();
  }

  @Override
  public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ioRatio) {
    return transport.eventLoopGroup(type, threads, factory, ioRatio);
  }

  @Override
  public DatagramChannel datagramChannel() {
    return transport.datagramChannel();
  }

  @Override
  @SuppressWarnings("deprecation") // the interface's own signature
  public DatagramChannel datagramChannel(InternetProtocolFamily family) {
    return transport.datagramChannel(family);
  }

  @Override
  public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
    return transport.channelFactory(domainSocket);
  }

  @Override
  public void configure(DatagramChannel channel, DatagramSocketOptions options) {
    transport.configure(channel, options);
  }

  @Override
  public void configure(
      ClientOptionsBase options, int timeout, boolean domainSocket, Bootstrap bootstrap) {
    transport.configure(options, timeout, domainSocket, bootstrap);
  }

  @Override
  public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
    transport.configure(options, domainSocket, bootstrap);
  }
}
