/** How an operator outside a cluster comes to the brokers on it. */
@NullMarked
package io.claviger.launcher.kube;

import org.jspecify.annotations.NullMarked;
