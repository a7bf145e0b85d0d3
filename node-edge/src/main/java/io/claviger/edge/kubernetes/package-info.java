/** The edge's use of the cluster's API server: the startup taint of its node. */
@NullMarked
package io.claviger.edge.kubernetes;

import org.jspecify.annotations.NullMarked;
