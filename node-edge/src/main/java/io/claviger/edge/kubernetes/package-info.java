/** The cluster's API server, as an edge sees it: its node, that pods may come to. */
@NullMarked
package io.claviger.edge.kubernetes;

import org.jspecify.annotations.NullMarked;
