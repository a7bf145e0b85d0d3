/**
 * HTTP clients of both programs: of the API server, with trusted authorities and bounded responses.
 */
@NullMarked
package io.claviger.config.http;

import org.jspecify.annotations.NullMarked;
