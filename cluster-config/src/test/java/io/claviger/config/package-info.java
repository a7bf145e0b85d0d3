/** The permitted dependencies between the packages of this module. */
@NullMarked
package io.claviger.config;

import org.jspecify.annotations.NullMarked;
