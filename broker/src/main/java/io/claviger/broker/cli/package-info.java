/** The operator's command line: a client of the API, knows none of the other packages. */
@NullMarked
package io.claviger.broker.cli;

import org.jspecify.annotations.NullMarked;
