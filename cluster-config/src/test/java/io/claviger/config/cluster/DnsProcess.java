package io.claviger.config.cluster;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * A DNS server that returns the same addresses for every name. Its argument is the {@code ADDRESS}
 * to listen on. Each input line sets its addresses; an empty line makes every name nonexistent.
 */
final class DnsProcess {

  private static final int PORT = 53;
  private static final int HEADER = 12;
  private static final short ANSWERED = (short) 0x8580;
  private static final short NO_SUCH_NAME = (short) 0x8583;
  private static final short IPV4 = 1;
  private static final short IPV6 = 28;
  private static final short INTERNET = 1;
  private static final short NAME_OF_THE_QUESTION = (short) 0xC00C;

  private static volatile List<InetAddress> addresses = List.of();

  private DnsProcess() {}

  public static void main(String[] arguments) throws IOException {
    DatagramSocket socket = new DatagramSocket(PORT, InetAddress.getByName(arguments[0]));
    Thread.ofPlatform().daemon().start(() -> serve(socket));
    ForkedProcess.answer(
        line -> {
          addresses =
              Arrays.stream(line.split(" ", -1))
                  .filter(text -> !text.isEmpty())
                  .map(DnsProcess::of)
                  .toList();
          return "ok";
        });
  }

  private static InetAddress of(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(literal, e);
    }
  }

  private static void serve(DatagramSocket socket) {
    while (true) {
      DatagramPacket packet = new DatagramPacket(new byte[512], 512);
      try {
        socket.receive(packet);
        ByteBuffer answer = answer(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
        socket.send(
            new DatagramPacket(answer.array(), answer.position(), packet.getSocketAddress()));
      } catch (IOException e) {
        System.out.println("DNS: " + e);
      }
    }
  }

  private static ByteBuffer answer(ByteBuffer question) {
    int end = HEADER;
    while (question.get(end) != 0) {
      end += question.get(end) + 1;
    }
    short type = question.getShort(end + 1);
    List<byte[]> found =
        addresses.stream()
            .map(InetAddress::getAddress)
            .filter(address -> type == (address.length == 4 ? IPV4 : IPV6))
            .toList();
    ByteBuffer answer =
        ByteBuffer.allocate(4096)
            .putShort(question.getShort(0))
            .putShort(addresses.isEmpty() ? NO_SUCH_NAME : ANSWERED)
            .putShort((short) 1)
            .putShort((short) found.size())
            .putInt(0)
            .put(question.array(), HEADER, end + 5 - HEADER);
    found.forEach(
        address ->
            answer
                .putShort(NAME_OF_THE_QUESTION)
                .putShort(type)
                .putShort(INTERNET)
                .putInt(0)
                .putShort((short) address.length)
                .put(address));
    return answer;
  }
}
