/** Associations as data, and the records of the association log on Kafka. */
@NullMarked
package io.claviger.schemas.association;

import org.jspecify.annotations.NullMarked;
