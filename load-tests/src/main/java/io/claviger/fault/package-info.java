/**
 * Faults in a mesh of real processes, while pods fetch credentials and roles change. A checker
 * verifies that the promises hold.
 */
@NullMarked
package io.claviger.fault;

import org.jspecify.annotations.NullMarked;
