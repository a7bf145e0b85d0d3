/** The endpoint for edges: connections, logins, frames and their answers. */
@NullMarked
package io.claviger.broker.ingress;

import org.jspecify.annotations.NullMarked;
