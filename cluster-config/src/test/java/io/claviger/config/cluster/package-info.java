@NullMarked
package io.claviger.config.cluster;

import org.jspecify.annotations.NullMarked;
