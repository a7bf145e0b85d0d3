/**
 * The event bus to the brokers: login, two connections, and a request to the second broker if the
 * first is slow.
 */
@NullMarked
package io.claviger.edge.upstream;

import org.jspecify.annotations.NullMarked;
