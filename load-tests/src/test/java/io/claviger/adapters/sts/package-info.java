/** The broker's issuance and its adapter for STS, against the stand-in. */
@NullMarked
package io.claviger.adapters.sts;

import org.jspecify.annotations.NullMarked;
