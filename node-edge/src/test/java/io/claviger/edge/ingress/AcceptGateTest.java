package io.claviger.edge.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AcceptGateTest {

  private final AcceptGate gate = new AcceptGate(8);
  private final EmbeddedChannel one = new EmbeddedChannel(gate);
  private final EmbeddedChannel other = new EmbeddedChannel(gate);
  private final List<EmbeddedChannel> connections = new ArrayList<>();

  private void accept(EmbeddedChannel listener, int connections) {
    for (int i = 0; i < connections; i++) {
      EmbeddedChannel connection = new EmbeddedChannel();
      this.connections.add(connection);
      listener.writeInbound(connection);
    }
  }

  private void close(int number) {
    for (int i = 0; i < number; i++) {
      connections.removeFirst().close();
    }
  }

  private List<Boolean> accepting() {
    return List.of(one.config().isAutoRead(), other.config().isAutoRead());
  }

  @Test
  void closesAllListenersWhileTooManyConnectionsAreOpen() {
    accept(one, 4);
    accept(other, 3);
    assertThat(accepting()).containsExactly(true, true);

    accept(other, 1);
    assertThat(accepting()).containsExactly(false, false);

    close(1);
    assertThat(accepting()).containsExactly(false, false);
    close(1);
    assertThat(accepting()).containsExactly(true, true);
    assertThat(gate.open()).isEqualTo(6);
  }

  @Test
  void isClosedToAListenerThatComesMeanwhile() {
    accept(one, 8);

    EmbeddedChannel late = new EmbeddedChannel(gate);

    assertThat(late.config().isAutoRead()).isFalse();
    close(2);
    assertThat(late.config().isAutoRead()).isTrue();
  }

  @Test
  void isAsWideAsTheHeapBears() {
    IngressLimits limits = new IngressLimits(512, 64, 100);

    assertThat(limits.connectionsWithin(1L << 30)).isEqualTo(512);
    assertThat(limits.connectionsWithin(34L << 20)).isEqualTo(256);
    assertThat(limits.connectionsWithin(16L << 20)).isEqualTo(64);
    assertThat(new IngressLimits(32, 16, 100).connectionsWithin(16L << 20)).isEqualTo(32);
  }
}
