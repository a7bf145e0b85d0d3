/** What the HTTP clients of both programs have in common: whom they trust, how much they read. */
@NullMarked
package io.claviger.config.http;

import org.jspecify.annotations.NullMarked;
