/** Opens role sessions with AWS STS. */
@NullMarked
package io.claviger.broker.adapter.sts;

import org.jspecify.annotations.NullMarked;
