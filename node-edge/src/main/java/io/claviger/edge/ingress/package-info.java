/** The container-credentials protocol over HTTP; knows status codes, no rules. */
@NullMarked
package io.claviger.edge.ingress;

import org.jspecify.annotations.NullMarked;
