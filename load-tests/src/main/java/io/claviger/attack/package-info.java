/**
 * Attacks: what a stranger tries at a mesh of real processes, row by row of docs/threat-model.md,
 * while other pods go on; and a search for secrets in all that the mesh has written.
 */
@NullMarked
package io.claviger.attack;

import org.jspecify.annotations.NullMarked;
