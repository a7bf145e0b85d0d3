/**
 * What keeps a program standing under load: bounds for each source, and how much work beyond the
 * necessary is done, and when.
 */
@NullMarked
package io.claviger.config.load;

import org.jspecify.annotations.NullMarked;
