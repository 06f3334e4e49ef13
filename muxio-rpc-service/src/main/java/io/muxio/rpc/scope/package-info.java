/** Internal: the call that a thread serves, and the calls that are made for it. */
@NullMarked
package io.muxio.rpc.scope;

import org.jspecify.annotations.NullMarked;
