/** Main, command line, settings, wiring: sees every package, none sees it. */
@NullMarked
package io.claviger.broker.app;

import org.jspecify.annotations.NullMarked;
