/** The commands of {@code ./claviger} that are not an operator's: a local mesh, load, and docs. */
@NullMarked
package io.claviger.launcher;

import org.jspecify.annotations.NullMarked;
