/** Tests of the association log's records. */
@NullMarked
package io.claviger.schemas.association;

import org.jspecify.annotations.NullMarked;
