/** Associations: the table that is read, and the log's writer that decides what gets into it. */
@NullMarked
package io.claviger.broker.association;

import org.jspecify.annotations.NullMarked;
