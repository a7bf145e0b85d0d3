/** The broker's issuance and its adapter for STS, against the stand-in. */
@NullMarked
package io.claviger.mesh.issuing;

import org.jspecify.annotations.NullMarked;
