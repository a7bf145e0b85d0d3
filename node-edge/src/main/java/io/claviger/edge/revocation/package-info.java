/** Applies changes of associations and evicts what they make invalid. */
@NullMarked
package io.claviger.edge.revocation;

import org.jspecify.annotations.NullMarked;
