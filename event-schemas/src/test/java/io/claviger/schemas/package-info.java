/** Tests of the contracts: samples, schemas, what records refuse, what never prints. */
@NullMarked
package io.claviger.schemas;

import org.jspecify.annotations.NullMarked;
