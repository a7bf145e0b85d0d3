/** The broker's HTTP API, as AWS's clients see it. */
@NullMarked
package io.claviger.mesh.api;

import org.jspecify.annotations.NullMarked;
