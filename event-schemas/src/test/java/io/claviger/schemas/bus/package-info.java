/** Tests of the messages on the event bus. */
@NullMarked
package io.claviger.schemas.bus;

import org.jspecify.annotations.NullMarked;
