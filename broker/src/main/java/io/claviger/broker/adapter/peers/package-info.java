/**
 * Requests sessions and tables from other brokers over the event bus, and answers such requests.
 */
@NullMarked
package io.claviger.broker.adapter.peers;

import org.jspecify.annotations.NullMarked;
