/** What brokers share over Hazelcast: sealed sessions, and which broker owns which key. */
@NullMarked
package io.claviger.broker.adapter.hazelcast;

import org.jspecify.annotations.NullMarked;
