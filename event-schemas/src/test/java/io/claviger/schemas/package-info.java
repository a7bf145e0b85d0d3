/** Tests of the contracts: samples, schemas, rejected records, secrets in texts. */
@NullMarked
package io.claviger.schemas;

import org.jspecify.annotations.NullMarked;
