/** The cache of this node: one flight per workload, refresh ahead of expiry, served while valid. */
@NullMarked
package io.claviger.edge.credential;

import org.jspecify.annotations.NullMarked;
