/** Checks why a pod has no credentials. Each check covers one kind of problem and its fix. */
@NullMarked
package io.claviger.broker.cli.doctor;

import org.jspecify.annotations.NullMarked;
