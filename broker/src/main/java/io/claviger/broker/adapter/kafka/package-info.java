/** Kafka: the association log's writer and readers, the sender of commands, the audit stream. */
@NullMarked
package io.claviger.broker.adapter.kafka;

import org.jspecify.annotations.NullMarked;
