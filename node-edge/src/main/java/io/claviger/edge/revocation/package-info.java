/** Changes of associations coming in, evictions going out. */
@NullMarked
package io.claviger.edge.revocation;

import org.jspecify.annotations.NullMarked;
