/** Main, settings, wiring: sees every package, none sees it. */
@NullMarked
package io.claviger.edge.app;

import org.jspecify.annotations.NullMarked;
