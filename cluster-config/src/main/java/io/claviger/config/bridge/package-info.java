/**
 * The wire format between edge and broker: the Vert.x TCP event-bus bridge's frames, with a limit.
 */
@NullMarked
package io.claviger.config.bridge;

import org.jspecify.annotations.NullMarked;
