/** The messages on the event bus: between edge and broker, and among brokers. */
@NullMarked
package io.claviger.schemas.bus;

import org.jspecify.annotations.NullMarked;
