/** Verifies Kubernetes service-account tokens against an issuer's public keys, offline. */
@NullMarked
package io.claviger.config.trust;

import org.jspecify.annotations.NullMarked;
