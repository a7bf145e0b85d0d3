/** The admission webhook: what a new pod needs to get the credentials of its association. */
@NullMarked
package io.claviger.broker.ingress.admission;

import org.jspecify.annotations.NullMarked;
