/** The operator's command line. It is a client of the API and depends on no other package. */
@NullMarked
package io.claviger.broker.cli;

import org.jspecify.annotations.NullMarked;
