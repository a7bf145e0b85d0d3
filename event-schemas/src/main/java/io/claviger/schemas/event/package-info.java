/** The audit stream: events about credentials, without any secret. */
@NullMarked
package io.claviger.schemas.event;

import org.jspecify.annotations.NullMarked;
