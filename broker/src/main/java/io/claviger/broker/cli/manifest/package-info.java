/** Associations as manifests that people write and read. */
@NullMarked
package io.claviger.broker.cli.manifest;

import org.jspecify.annotations.NullMarked;
