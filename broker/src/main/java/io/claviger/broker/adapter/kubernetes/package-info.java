/**
 * A cluster's API server: whether a token's pod is still there, what its owners associate as
 * objects, and what a pod is told.
 */
@NullMarked
package io.claviger.broker.adapter.kubernetes;

import org.jspecify.annotations.NullMarked;
