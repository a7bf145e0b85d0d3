/** Writes the pages of {@code docs/} whose source is javadoc: settings and meters. */
@NullMarked
package io.claviger.reference;

import org.jspecify.annotations.NullMarked;
