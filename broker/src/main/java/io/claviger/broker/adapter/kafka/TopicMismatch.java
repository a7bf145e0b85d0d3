package io.claviger.broker.adapter.kafka;

/**
 * A topic that is not as it has to be.
 *
 * @param topic its name
 * @param has what it has
 * @param needs what it needs
 * @param mend the command that makes it so, or what else to do
 */
public record TopicMismatch(String topic, String has, String needs, String mend) {

  @Override
  public String toString() {
    return "topic " + topic + " has " + has + ", needs " + needs + ". To mend it: " + mend;
  }
}
