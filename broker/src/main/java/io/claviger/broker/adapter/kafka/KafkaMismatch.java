package io.claviger.broker.adapter.kafka;

/**
 * A property of Kafka that must be corrected.
 *
 * @param subject a topic and its name, or Kafka itself
 * @param has the actual value
 * @param needs the required value
 * @param mend the command or other action that corrects it
 */
public record KafkaMismatch(String subject, String has, String needs, String mend) {

  @Override
  public String toString() {
    return subject + " has " + has + ", needs " + needs + ". To correct it: " + mend;
  }
}
