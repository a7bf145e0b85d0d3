/** Starting, being ready, being watched: what both programs show to the platform that runs them. */
@NullMarked
package io.claviger.config.lifecycle;

import org.jspecify.annotations.NullMarked;
