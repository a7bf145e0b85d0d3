/**
 * Authenticates requesters: from a token to the workload identity that it proves, from a signature
 * to its key.
 */
@NullMarked
package io.claviger.broker.identity;

import org.jspecify.annotations.NullMarked;
