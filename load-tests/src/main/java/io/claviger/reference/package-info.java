/**
 * Pages of {@code docs/} that are written from the source: settings and meters, by their javadoc.
 */
@NullMarked
package io.claviger.reference;

import org.jspecify.annotations.NullMarked;
