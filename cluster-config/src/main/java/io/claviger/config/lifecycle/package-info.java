/** Start-up, readiness and metrics: what both programs expose to the platform. */
@NullMarked
package io.claviger.config.lifecycle;

import org.jspecify.annotations.NullMarked;
