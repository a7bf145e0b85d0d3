/**
 * How brokers find each other and what they share: Hazelcast, the clustered event bus, and the seal
 * on what travels without TLS.
 */
@NullMarked
package io.claviger.config.cluster;

import org.jspecify.annotations.NullMarked;
