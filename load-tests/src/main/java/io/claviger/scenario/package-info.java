/** Load and faults: clients that are real AWS SDKs, and a driver that keeps them busy. */
@NullMarked
package io.claviger.scenario;

import org.jspecify.annotations.NullMarked;
