/**
 * Checks whether each answer to a pod was allowed, given the sessions that STS issued and each
 * service account's role at the time.
 */
@NullMarked
package io.claviger.checker;

import org.jspecify.annotations.NullMarked;
