/** Interfaces as services: their methods and codecs, stubs, streams of values; internal. */
@NullMarked
package io.muxio.rpc.typed;

import org.jspecify.annotations.NullMarked;
