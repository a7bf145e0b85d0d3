/** Which part of this module may know which. */
@NullMarked
package io.claviger.config;

import org.jspecify.annotations.NullMarked;
