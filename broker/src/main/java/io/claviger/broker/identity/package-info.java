/** From a token to the workload identity it proves. */
@NullMarked
package io.claviger.broker.identity;

import org.jspecify.annotations.NullMarked;
