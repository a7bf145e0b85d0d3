/** Meters, span names, log keys: every name once. */
@NullMarked
package io.claviger.broker.telemetry;

import org.jspecify.annotations.NullMarked;
