/** The names of what is measured. */
@NullMarked
package io.claviger.broker.telemetry;

import org.jspecify.annotations.NullMarked;
