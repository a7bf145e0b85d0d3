/** Checks of a request's token, of its Host header and of the node that the token is bound to. */
@NullMarked
package io.claviger.edge.workload;

import org.jspecify.annotations.NullMarked;
