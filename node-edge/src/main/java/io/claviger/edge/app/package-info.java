/** Main, settings, wiring: depends on every package; no package depends on it. */
@NullMarked
package io.claviger.edge.app;

import org.jspecify.annotations.NullMarked;
