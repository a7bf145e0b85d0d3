/**
 * The commands of {@code ./claviger} that are not an operator's: local mesh, load tests and docs.
 */
@NullMarked
package io.claviger.launcher;

import org.jspecify.annotations.NullMarked;
