/** The association log and the audit stream on a real Kafka. */
@NullMarked
package io.claviger.adapters.log;

import org.jspecify.annotations.NullMarked;
