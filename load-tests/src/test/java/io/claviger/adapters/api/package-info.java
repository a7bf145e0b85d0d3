/** The broker's HTTP API, as AWS's clients see it. */
@NullMarked
package io.claviger.adapters.api;

import org.jspecify.annotations.NullMarked;
