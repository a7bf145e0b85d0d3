/**
 * Where issuers' public keys come from: their JWKS over HTTP, found by discovery, or from a file,
 * read again and again.
 */
@NullMarked
package io.claviger.broker.adapter.oidc;

import org.jspecify.annotations.NullMarked;
