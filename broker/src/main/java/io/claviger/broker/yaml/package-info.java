/** How YAML that people write is read: strictly, wherever it is read. */
@NullMarked
package io.claviger.broker.yaml;

import org.jspecify.annotations.NullMarked;
