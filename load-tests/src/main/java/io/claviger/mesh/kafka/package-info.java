/** A real Kafka on this machine, without a container engine. */
@NullMarked
package io.claviger.mesh.kafka;

import org.jspecify.annotations.NullMarked;
