/** The whole mesh on one machine: its certificates, tokens and processes, and the launcher. */
@NullMarked
package io.claviger.mesh;

import org.jspecify.annotations.NullMarked;
