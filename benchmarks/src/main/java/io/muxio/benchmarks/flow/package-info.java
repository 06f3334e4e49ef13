/** Flow control and what one client feels of another, measured over loopback. */
@NullMarked
package io.muxio.benchmarks.flow;

import org.jspecify.annotations.NullMarked;
