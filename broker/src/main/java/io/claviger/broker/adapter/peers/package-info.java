/** Asks other brokers for sessions over the event bus, and answers them. */
@NullMarked
package io.claviger.broker.adapter.peers;

import org.jspecify.annotations.NullMarked;
