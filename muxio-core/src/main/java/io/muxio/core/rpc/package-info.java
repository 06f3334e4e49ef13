/** Frames to calls and back: RPC headers, streams, request ids, the calls of both directions. */
@NullMarked
package io.muxio.core.rpc;

import org.jspecify.annotations.NullMarked;
