/** The client: connects, calls, reconnects. */
@NullMarked
package io.muxio.netty.client;

import org.jspecify.annotations.NullMarked;
