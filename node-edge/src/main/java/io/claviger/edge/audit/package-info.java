/** Events of this node, kept until a broker has accepted them. */
@NullMarked
package io.claviger.edge.audit;

import org.jspecify.annotations.NullMarked;
