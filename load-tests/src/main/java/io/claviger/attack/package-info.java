/**
 * Attacks on a mesh of real processes, row by row of docs/threat-model.md, while other pods go on.
 * Also a search for secrets in everything that the mesh has written.
 */
@NullMarked
package io.claviger.attack;

import org.jspecify.annotations.NullMarked;
