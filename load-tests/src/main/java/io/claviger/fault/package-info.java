/**
 * Faults: what goes wrong in a mesh of real processes while pods fetch credentials and roles
 * change, and whether what is promised holds meanwhile.
 */
@NullMarked
package io.claviger.fault;

import org.jspecify.annotations.NullMarked;
