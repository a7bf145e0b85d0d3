/** Imports associations of other systems, for review by the operator. */
@NullMarked
package io.claviger.broker.cli.migration;

import org.jspecify.annotations.NullMarked;
