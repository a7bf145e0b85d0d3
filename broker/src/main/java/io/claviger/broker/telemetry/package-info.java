/**
 * Meters, span names, log keys: every name once. The javadoc of a meter's constant becomes its line
 * in {@code docs/metrics.md}: {@code Counter by `result` (values): what is counted.}
 */
@NullMarked
package io.claviger.broker.telemetry;

import org.jspecify.annotations.NullMarked;
