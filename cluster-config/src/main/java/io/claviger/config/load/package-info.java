/** Overload protection: limits for each source, and limits on redundant work. */
@NullMarked
package io.claviger.config.load;

import org.jspecify.annotations.NullMarked;
