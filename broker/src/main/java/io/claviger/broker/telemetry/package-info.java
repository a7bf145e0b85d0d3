/** What a broker measures: every meter's name, once. */
@NullMarked
package io.claviger.broker.telemetry;

import org.jspecify.annotations.NullMarked;
