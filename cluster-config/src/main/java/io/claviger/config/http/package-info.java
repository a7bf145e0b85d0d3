/** HTTP clients of both programs: the API server's, whom they trust, how much they read. */
@NullMarked
package io.claviger.config.http;

import org.jspecify.annotations.NullMarked;
