/** What happened on this node, kept until a broker has it. */
@NullMarked
package io.claviger.edge.audit;

import org.jspecify.annotations.NullMarked;
