/**
 * From a workload identity to session credentials: a session is opened once for all pods that may
 * share it.
 */
@NullMarked
package io.claviger.broker.issuance;

import org.jspecify.annotations.NullMarked;
