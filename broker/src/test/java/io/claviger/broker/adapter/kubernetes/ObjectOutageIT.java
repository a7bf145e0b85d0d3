package io.claviger.broker.adapter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.claviger.broker.association.DecidedLog;
import io.claviger.broker.telemetry.ObjectMeters;
import io.claviger.schemas.association.AssociationCommand.Put;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Behavior while the API server, the log or another broker is unavailable. */
final class ObjectOutageIT {

  private final ObjectCluster cluster = new ObjectCluster();

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void noticesWhatHappenedWhileTheApiServerWasAway() {
    cluster.start("broker-1");
    cluster.associate("one", "cart", "shop-cart");
    cluster.associate("two", "orders", "shop-orders");

    cluster.server.cut();
    cluster.change("one", "cart", "shop-other");
    cluster.delete("two");
    cluster.create("three", "search", "shop-search");
    cluster.server.mend();

    cluster.awaitReason("three", "Associated");
    cluster.awaitGone("orders");
    cluster.awaitRole("cart", "shop-other");
  }

  @Test
  void givesUpWhereItCannotRenewTheLeaseAndBeginsAgainWhenItCan() {
    cluster.start("broker-1");
    await().until(() -> cluster.leads() == 1);

    cluster.server.cut();
    await().until(() -> cluster.leads() == 0);
    cluster.server.mend();

    await().atMost(Duration.ofSeconds(30)).until(() -> cluster.leads() == 1);
    cluster.associate("one", "cart", "shop-cart");
  }

  @Test
  void saysOnceThatTheApiServerIsAwayAndOnceThatItIsBackWithoutAStackTrace() {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(log);
    try {
      cluster.start("broker-1");
      await().until(() -> cluster.leads() == 1);
      cluster.server.cut();
      await().until(() -> cluster.leads() == 0);
      // Ten more attempts.
      await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
      cluster.server.mend();
      await().atMost(Duration.ofSeconds(30)).until(() -> cluster.leads() == 1);
    } finally {
      root.detachAppender(log);
    }

    List<ILoggingEvent> said = List.copyOf(log.list);
    assertThat(said)
        .extracting(ILoggingEvent::getMessage)
        .contains(
            "the lease for objects cannot be acquired, retrying: this broker does not act on"
                + " objects until the API server answers and grants the lease",
            "the lease for objects can be acquired again");
    assertThat(said)
        .filteredOn(event -> event.getThrowableProxy() != null)
        .extracting(ILoggingEvent::getLoggerName, ILoggingEvent::getMessage)
        .isEmpty();
    assertThat(said)
        .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
        .as("warnings, however many connections the API server ended")
        .extracting(ILoggingEvent::getMessage)
        .containsExactly(
            "the lease for objects cannot be acquired, retrying: this broker does not act on"
                + " objects until the API server answers and grants the lease");
  }

  @Test
  void writesWhatIsDeclaredOnceTheLogIsBack() {
    cluster.log.away(true);
    cluster.start("broker-1");
    cluster.create("one", "cart", "shop-cart");
    cluster.awaitReason("one", "LogUnavailable");
    assertThat(
            cluster
                .meters
                .counter(
                    ObjectMeters.RECONCILES, "cluster", DecidedLog.CLUSTER, "effort", "unavailable")
                .count())
        .isPositive();

    cluster.log.away(false);

    cluster.awaitReason("one", "Associated");
  }

  @Test
  void leavesTheObjectsToTheHolderOfTheLeaseAndTakesOverFromIt() {
    ObjectController first = cluster.start("broker-1");
    await().until(() -> cluster.server.holder().filter("broker-1"::equals).isPresent());
    cluster.start("broker-2");
    cluster.associate("one", "cart", "shop-cart");
    assertThat(puts()).isEqualTo(1);

    first.close();
    await().until(() -> cluster.server.holder().filter("broker-2"::equals).isPresent());
    cluster.create("two", "orders", "shop-orders");

    cluster.awaitReason("two", "Associated");
    assertThat(puts()).as("no request is repeated").isEqualTo(2);
    assertThat(cluster.server.asked("PATCH ", "podidentityassociations/one/status")).isEqualTo(1);
  }

  private long puts() {
    return cluster.log.sent.stream().filter(one -> one.operation() instanceof Put).count();
  }
}
