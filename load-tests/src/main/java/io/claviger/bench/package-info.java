/** Measures the mesh, always in comparison with something else in the same run. */
@NullMarked
package io.claviger.bench;

import org.jspecify.annotations.NullMarked;
