/**
 * Pages of {@code docs/} that are written from the source: settings and meters, by their javadoc.
 */
@NullMarked
package io.claviger.mesh.reference;

import org.jspecify.annotations.NullMarked;
