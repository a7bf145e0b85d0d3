/** The edge's meters, each named once. */
@NullMarked
package io.claviger.edge.telemetry;

import org.jspecify.annotations.NullMarked;
