/**
 * Sources of issuers' public keys: their JWKS over HTTP, directly or by discovery, or from a file;
 * fetched repeatedly.
 */
@NullMarked
package io.claviger.broker.adapter.oidc;

import org.jspecify.annotations.NullMarked;
