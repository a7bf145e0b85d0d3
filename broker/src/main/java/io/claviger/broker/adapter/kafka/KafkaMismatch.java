package io.claviger.broker.adapter.kafka;

/**
 * Something of Kafka's that is not as it has to be.
 *
 * @param subject what it is: a topic and its name, or Kafka itself
 * @param has what it has
 * @param needs what it needs
 * @param mend the command that makes it so, or what else to do
 */
public record KafkaMismatch(String subject, String has, String needs, String mend) {

  @Override
  public String toString() {
    return subject + " has " + has + ", needs " + needs + ". To mend it: " + mend;
  }
}
