/** Associations as YAML manifests. */
@NullMarked
package io.claviger.broker.cli.manifest;

import org.jspecify.annotations.NullMarked;
