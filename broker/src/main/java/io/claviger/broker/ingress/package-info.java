/** What comes in from edges: connections, logins, frames, and the answers to them. */
@NullMarked
package io.claviger.broker.ingress;

import org.jspecify.annotations.NullMarked;
