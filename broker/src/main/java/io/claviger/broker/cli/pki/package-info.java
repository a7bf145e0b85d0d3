/** Creates certificates and keys of a mesh on Kubernetes, for clusters without cert-manager. */
@NullMarked
package io.claviger.broker.cli.pki;

import org.jspecify.annotations.NullMarked;
