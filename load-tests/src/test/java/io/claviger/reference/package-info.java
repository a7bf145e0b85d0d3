/** The generated pages agree with the sources. */
@NullMarked
package io.claviger.reference;

import org.jspecify.annotations.NullMarked;
