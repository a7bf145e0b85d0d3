/** Connects an operator outside a cluster to the brokers on it. */
@NullMarked
package io.claviger.launcher.kube;

import org.jspecify.annotations.NullMarked;
