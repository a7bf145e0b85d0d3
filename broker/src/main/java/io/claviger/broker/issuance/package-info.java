/**
 * From a workload identity to session credentials: the same session opened once for all who may
 * share it.
 */
@NullMarked
package io.claviger.broker.issuance;

import org.jspecify.annotations.NullMarked;
