/** A data store for the published clients of SIMD R Drive, and for Java. */
@NullMarked
package io.muxio.examples.datastore;

import org.jspecify.annotations.NullMarked;
