package io.claviger.edge.ingress;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.unix.Buffer;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the kernel assign new connections to the younger of two listeners that share a port. The
 * older one then accepts all that it has queued long before it is closed. Otherwise a connection
 * that arrives just before the close is reset. Needs Linux 4.5.
 */
final class NewestListener extends ChannelInboundHandlerAdapter {

  private static final Logger LOG = LoggerFactory.getLogger(NewestListener.class);

  private static final int SOL_SOCKET = 1;
  private static final int SO_ATTACH_REUSEPORT_CBPF = 51;

  /** {@code BPF_RET | BPF_K}, see bpf(2): return the constant. */
  private static final short RETURN_CONSTANT = 0x06;

  /**
   * Index into the group, which is in the order of binding. If the group is smaller, the kernel
   * itself chooses.
   */
  private static final int SECOND = 1;

  /** Of {@code struct sock_filter} and {@code struct sock_fprog}, where a pointer has 8 bytes. */
  private static final int FILTER_BYTES = 8;

  private static final int PROGRAM_BYTES = 16;

  private static final RawUnixChannelOption ATTACH =
      new RawUnixChannelOption(
          "SO_ATTACH_REUSEPORT_CBPF", SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, PROGRAM_BYTES);

  private final AcceptGate gate;

  /**
   * Creates the handler of a listener that may share its port.
   *
   * @param gate that it accepts through if it does
   */
  NewestListener(AcceptGate gate) {
    this.gate = gate;
  }

  /** Attaches the program once the listener is bound; before that it has no group. */
  @Override
  public void channelActive(ChannelHandlerContext context) throws Exception {
    if (Boolean.TRUE.equals(context.channel().config().getOption(UnixChannelOption.SO_REUSEPORT))) {
      attach(context);
      context.pipeline().addBefore(context.name(), null, gate);
    }
    super.channelActive(context);
  }

  private static void attach(ChannelHandlerContext context) {
    ByteBuffer filter = direct(FILTER_BYTES).putShort(0, RETURN_CONSTANT).putInt(4, SECOND);
    ByteBuffer program =
        direct(PROGRAM_BYTES).putShort(0, (short) 1).putLong(8, Buffer.memoryAddress(filter));
    try {
      context.channel().config().setOption(ATTACH, program);
    } catch (ChannelException e) {
      LOG.atWarn()
          .addKeyValue("reason", e.getMessage())
          .log("listeners share new connections: a handover may reset some");
    } finally {
      Reference.reachabilityFence(filter);
    }
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }
}
