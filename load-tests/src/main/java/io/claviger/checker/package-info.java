/**
 * Whether each answer that pods got was allowed: by what STS issued, and by which role each service
 * account was given when.
 */
@NullMarked
package io.claviger.checker;

import org.jspecify.annotations.NullMarked;
