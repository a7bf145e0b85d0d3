/** Why a pod has no credentials: checks that each know one thing that can be wrong, and its fix. */
@NullMarked
package io.claviger.broker.cli.doctor;

import org.jspecify.annotations.NullMarked;
