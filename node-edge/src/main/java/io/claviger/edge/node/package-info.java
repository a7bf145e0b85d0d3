/** What an edge tells the cluster about its node: that pods may come. */
@NullMarked
package io.claviger.edge.node;

import org.jspecify.annotations.NullMarked;
