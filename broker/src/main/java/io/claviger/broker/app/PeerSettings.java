package io.claviger.broker.app;

import io.claviger.broker.adapter.hazelcast.PeerMembers;
import io.claviger.config.cluster.ClusteredVertx;
import io.claviger.config.cluster.HazelcastConfiguration;
import io.claviger.config.settings.SettingsException;
import java.util.function.BooleanSupplier;

/** Converts the settings for joining other brokers. */
final class PeerSettings {

  private PeerSettings() {}

  /** Returns this broker's end of the event bus. */
  static ClusteredVertx.Bus bus(BrokerSettings.Peers peers) {
    return new ClusteredVertx.Bus(
        peers.busHost(), peers.busPort(), peers.tls().certificate(), peers.tls().key(), peers.ca());
  }

  /** Returns how brokers find each other. */
  static HazelcastConfiguration hazelcast(BrokerSettings.Peers peers) {
    if (peers.minBrokers() < 1) {
      throw new SettingsException(
          "claviger.broker.peers.min-brokers is at least 1, not " + peers.minBrokers());
    }
    return new HazelcastConfiguration(peers.mesh(), peers.host(), peers.port(), peers.members());
  }

  /** Returns the condition of the first readiness; its wait starts now. */
  static BooleanSupplier enough(BrokerSettings.Peers peers, ClusteredVertx joined) {
    return new EnoughBrokers(
        peers.minBrokers(),
        peers.minBrokersWait(),
        PeerMembers.count(joined.hazelcast()),
        System::nanoTime);
  }
}
