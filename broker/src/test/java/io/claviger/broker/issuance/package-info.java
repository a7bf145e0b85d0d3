@NullMarked
package io.claviger.broker.issuance;

import org.jspecify.annotations.NullMarked;
