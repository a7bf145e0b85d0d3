package io.claviger.broker.adapter.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class NamedPeersTest {

  private static final InetSocketAddress ONE = new InetSocketAddress("10.0.0.1", 5701);
  private static final InetSocketAddress TWO = new InetSocketAddress("10.0.0.2", 5701);
  private static final InetSocketAddress THREE = new InetSocketAddress("10.0.0.3", 5701);

  private final Logger logger = (Logger) LoggerFactory.getLogger(NamedPeers.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private Set<InetSocketAddress> members = Set.of(ONE);
  private Instant now = Instant.EPOCH;
  private final NamedPeers peers = new NamedPeers(() -> members, () -> now);

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(log);
  }

  private List<String> said() {
    return log.list.stream()
        .map(event -> event.getLevel() + " " + event.getFormattedMessage().split(":", 2)[0])
        .toList();
  }

  @Test
  void countsTheAddressesThatAreNoMembers() {
    peers.found(Set.of(ONE, TWO, THREE));
    assertThat(peers.addresses()).isEqualTo(3);
    assertThat(peers.unreached()).isEqualTo(2);

    members = Set.of(ONE, TWO);
    assertThat(peers.unreached()).isEqualTo(1);
  }

  @Test
  void saysOnceThatItIsAloneAndOnceThatItIsNotAnyMore() {
    peers.found(Set.of(ONE, TWO));
    now = now.plusSeconds(5);
    peers.found(Set.of(ONE, TWO));
    assertThat(said()).isEmpty();

    for (int look = 0; look < 3; look++) {
      now = now.plusSeconds(5);
      peers.found(Set.of(ONE, TWO));
    }
    assertThat(said())
        .containsExactly("WARN this broker is alone although peers.members has other addresses");

    members = Set.of(ONE, TWO);
    peers.found(Set.of(ONE, TWO));
    peers.found(Set.of(ONE, TWO));
    assertThat(said()).hasSize(2).last().isEqualTo("INFO this broker is no longer alone");
  }

  @Test
  void isNotAloneWhereNobodyElseIsNamedOrSomebodyHasJoined() {
    for (int look = 0; look < 5; look++) {
      now = now.plusSeconds(5);
      peers.found(Set.of(ONE));
    }
    members = Set.of(ONE, TWO);
    for (int look = 0; look < 5; look++) {
      now = now.plusSeconds(5);
      peers.found(Set.of(ONE, TWO, THREE));
    }

    assertThat(said()).isEmpty();
  }

  @Test
  void keepsWhatItFoundWhileNothingIsFoundAndSaysSoOnce() {
    peers.found(Set.of(ONE, TWO, THREE));
    peers.failed(new UnknownHostException("peers"));
    peers.failed(new UnknownHostException("peers"));

    assertThat(peers.addresses()).isEqualTo(3);
    assertThat(said()).containsExactly("WARN peers.members cannot be looked up");

    peers.found(Set.of(ONE, TWO));
    assertThat(peers.addresses()).isEqualTo(2);
    assertThat(said()).hasSize(2).last().isEqualTo("INFO peers.members can be looked up again");
  }
}
