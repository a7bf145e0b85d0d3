/**
 * The event bus to the brokers: login, two connections, the second asked when the first is slow.
 */
@NullMarked
package io.claviger.edge.upstream;

import org.jspecify.annotations.NullMarked;
