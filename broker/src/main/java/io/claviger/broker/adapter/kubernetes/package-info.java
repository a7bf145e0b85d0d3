/**
 * A cluster's API server: whether a token's pod still exists, what objects declare, and Events on
 * pods.
 */
@NullMarked
package io.claviger.broker.adapter.kubernetes;

import org.jspecify.annotations.NullMarked;
