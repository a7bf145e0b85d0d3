/** Who asks: the token, the Host it was sent to, the node it is bound to. */
@NullMarked
package io.claviger.edge.workload;

import org.jspecify.annotations.NullMarked;
