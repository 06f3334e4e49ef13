/** The calling side: unary calls and their answers. */
@NullMarked
package io.muxio.rpc.caller;

import org.jspecify.annotations.NullMarked;
