/** Clients that are real AWS SDKs, and a driver that keeps them busy, for load and faults. */
@NullMarked
package io.claviger.scenario;

import org.jspecify.annotations.NullMarked;
