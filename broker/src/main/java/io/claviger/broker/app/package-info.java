/** Main program, command line, settings and wiring: uses every package; no package uses it. */
@NullMarked
package io.claviger.broker.app;

import org.jspecify.annotations.NullMarked;
