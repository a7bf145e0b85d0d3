/** Asks other brokers for sessions and tables over the event bus, and answers them. */
@NullMarked
package io.claviger.broker.adapter.peers;

import org.jspecify.annotations.NullMarked;
