/**
 * How brokers find each other and what they share: Hazelcast, the clustered event bus, and the
 * sealing of values that travel without TLS.
 */
@NullMarked
package io.claviger.config.cluster;

import org.jspecify.annotations.NullMarked;
