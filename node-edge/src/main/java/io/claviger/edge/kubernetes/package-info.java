/** What this node's part of the cluster's API server tells: which pods of the node are deleted. */
@NullMarked
package io.claviger.edge.kubernetes;

import org.jspecify.annotations.NullMarked;
