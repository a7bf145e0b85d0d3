/** The audit stream: what happened, as events. */
@NullMarked
package io.claviger.broker.audit;

import org.jspecify.annotations.NullMarked;
