/** The workload that a verified service-account token names. */
@NullMarked
package io.claviger.schemas.workload;

import org.jspecify.annotations.NullMarked;
