/** Main, command line, settings, wiring: sees every room, no room sees it. */
@NullMarked
package io.claviger.broker.app;

import org.jspecify.annotations.NullMarked;
