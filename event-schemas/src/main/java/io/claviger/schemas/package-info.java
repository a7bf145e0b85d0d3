/** The contracts of the mesh: what travels on the event bus and on Kafka, and how it is written. */
@NullMarked
package io.claviger.schemas;

import org.jspecify.annotations.NullMarked;
