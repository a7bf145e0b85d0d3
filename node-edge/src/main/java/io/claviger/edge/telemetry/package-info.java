/** Every meter of the edge, named once. */
@NullMarked
package io.claviger.edge.telemetry;

import org.jspecify.annotations.NullMarked;
