/** Associations: the table for reads, and the log's writer that decides what enters the log. */
@NullMarked
package io.claviger.broker.association;

import org.jspecify.annotations.NullMarked;
