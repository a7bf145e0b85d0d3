/**
 * How much work beyond the necessary is done, and when: what a program under load must not guess.
 */
@NullMarked
package io.claviger.config.load;

import org.jspecify.annotations.NullMarked;
