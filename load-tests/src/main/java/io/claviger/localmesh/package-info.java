/** The whole mesh on one machine: its certificates, tokens and processes. */
@NullMarked
package io.claviger.localmesh;

import org.jspecify.annotations.NullMarked;
