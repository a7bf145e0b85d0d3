/** The contracts of the mesh: the records on the event bus and on Kafka, and their JSON form. */
@NullMarked
package io.claviger.schemas;

import org.jspecify.annotations.NullMarked;
