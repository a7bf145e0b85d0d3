/** The container-credentials protocol over HTTP: status codes and bodies, no access rules. */
@NullMarked
package io.claviger.edge.ingress;

import org.jspecify.annotations.NullMarked;
