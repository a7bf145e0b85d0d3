package io.claviger.edge.ingress;

import io.netty.channel.Channel;
import io.netty.channel.unix.RawUnixChannelOption;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When a request arrived at this host. If an event loop is late, that is long before its handler
 * runs, and the client has waited since. The kernel has this time, also for a connection in its
 * queue. Without the native transport, a request counts as arriving when its handler runs.
 */
final class Arrival {

  private static final int IPPROTO_TCP = 6;
  private static final int TCP_INFO = 11;

  /** Of {@code tcpi_last_data_recv} in {@code struct tcp_info}, milliseconds in 4 bytes. */
  private static final int LAST_DATA_RECEIVED = 52;

  /**
   * The kernel counts in ticks of up to this length; subtracted, so that no request counts as older
   * than it is.
   */
  private static final long TICK_MILLIS = 10;

  private static final RawUnixChannelOption INFO =
      new RawUnixChannelOption("TCP_INFO", IPPROTO_TCP, TCP_INFO, LAST_DATA_RECEIVED + 4);

  private Arrival() {}

  /** Returns the arrival by {@link System#nanoTime()}; takes a system call. */
  static long of(HttpServerRequest request) {
    long millis =
        request.connection() instanceof HttpServerConnection connection
            ? sinceLastData(connection.channelHandlerContext().channel())
            : 0;
    return System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(Math.max(0, millis - TICK_MILLIS));
  }

  /**
   * Returns the age of the last received data. It is the request's age, because a request is
   * handled as soon as its last byte was read.
   */
  private static long sinceLastData(Channel channel) {
    @Nullable ByteBuffer info = channel.isOpen() ? channel.config().getOption(INFO) : null;
    return info == null || info.limit() < LAST_DATA_RECEIVED + 4
        ? 0
        : Integer.toUnsignedLong(info.order(ByteOrder.nativeOrder()).getInt(LAST_DATA_RECEIVED));
  }
}
