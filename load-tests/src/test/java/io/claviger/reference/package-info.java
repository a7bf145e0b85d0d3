/** The pages that are written from the sources say what is so. */
@NullMarked
package io.claviger.reference;

import org.jspecify.annotations.NullMarked;
