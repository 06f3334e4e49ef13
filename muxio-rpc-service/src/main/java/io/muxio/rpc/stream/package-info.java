/** Chunk streams between a connection's thread and the threads of the user; internal. */
@NullMarked
package io.muxio.rpc.stream;

import org.jspecify.annotations.NullMarked;
