/** The admission webhook, which injects new pods with the endpoint of their credentials. */
@NullMarked
package io.claviger.broker.ingress.admission;

import org.jspecify.annotations.NullMarked;
