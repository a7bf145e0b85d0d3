/**
 * Reads typed settings from files, the environment and the command line; an unknown key stops the
 * start.
 */
@NullMarked
package io.claviger.config.settings;

import org.jspecify.annotations.NullMarked;
