/** Strict reading of YAML that people write. */
@NullMarked
package io.claviger.broker.yaml;

import org.jspecify.annotations.NullMarked;
