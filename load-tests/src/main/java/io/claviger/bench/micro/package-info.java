/** Times single steps of a request, and counts the bytes that they allocate: JMH benchmarks. */
@NullMarked
package io.claviger.bench.micro;

import org.jspecify.annotations.NullMarked;
