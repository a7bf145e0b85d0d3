/** The HTTP API: what clients of Amazon EKS and EKS Auth speak, AWS restJson1. */
@NullMarked
package io.claviger.broker.ingress.api;

import org.jspecify.annotations.NullMarked;
