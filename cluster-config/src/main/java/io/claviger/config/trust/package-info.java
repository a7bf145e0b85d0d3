/**
 * Offline verification of a client's identity: Kubernetes service-account tokens against an
 * issuer's public keys, and AWS Signature Version 4 of requests.
 */
@NullMarked
package io.claviger.config.trust;

import org.jspecify.annotations.NullMarked;
