/** The manifests of {@code k8s/}, the images' programs, and the promises to a cluster. */
@NullMarked
package io.claviger.k8s;

import org.jspecify.annotations.NullMarked;
