/** What other systems associate, read as associations that a person has to review. */
@NullMarked
package io.claviger.broker.cli.migration;

import org.jspecify.annotations.NullMarked;
