/** Measures the mesh, always beside something else in the same run. */
@NullMarked
package io.claviger.bench;

import org.jspecify.annotations.NullMarked;
