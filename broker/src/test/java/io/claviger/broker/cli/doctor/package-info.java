@NullMarked
package io.claviger.broker.cli.doctor;

import org.jspecify.annotations.NullMarked;
