/** Certificates and keys of a mesh on Kubernetes, for who has nothing that makes them. */
@NullMarked
package io.claviger.broker.cli.pki;

import org.jspecify.annotations.NullMarked;
