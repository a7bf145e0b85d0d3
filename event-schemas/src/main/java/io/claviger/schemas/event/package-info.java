/** The audit stream: what happened with credentials, without any secret. */
@NullMarked
package io.claviger.schemas.event;

import org.jspecify.annotations.NullMarked;
