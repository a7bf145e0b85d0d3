/** What this node caches: one flight a workload, refresh ahead of time, kept while valid. */
@NullMarked
package io.claviger.edge.credential;

import org.jspecify.annotations.NullMarked;
