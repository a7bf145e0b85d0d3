/**
 * A stand-in for AWS STS: the Query protocol, signatures and validation as STS has them, and what
 * scenarios need to bend it.
 */
@NullMarked
package io.claviger.stsfake;

import org.jspecify.annotations.NullMarked;
