/** What an edge tells the cluster about its node. */
@NullMarked
package io.claviger.edge.node;

import org.jspecify.annotations.NullMarked;
