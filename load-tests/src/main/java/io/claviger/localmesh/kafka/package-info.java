/** A real Kafka on this machine, without a container engine. */
@NullMarked
package io.claviger.localmesh.kafka;

import org.jspecify.annotations.NullMarked;
