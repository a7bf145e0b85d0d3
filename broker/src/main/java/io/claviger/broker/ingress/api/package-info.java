/** The HTTP API for clients of Amazon EKS and EKS Auth, by AWS's protocol restJson1. */
@NullMarked
package io.claviger.broker.ingress.api;

import org.jspecify.annotations.NullMarked;
