/** Main, settings, wiring: sees every room, no room sees it. */
@NullMarked
package io.claviger.edge.app;

import org.jspecify.annotations.NullMarked;
