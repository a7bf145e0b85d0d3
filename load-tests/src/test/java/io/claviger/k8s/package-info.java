/** The manifests of {@code k8s/}, the images' programs, and what a cluster is promised of them. */
@NullMarked
package io.claviger.k8s;

import org.jspecify.annotations.NullMarked;
