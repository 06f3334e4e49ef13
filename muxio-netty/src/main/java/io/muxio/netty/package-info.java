/** What server and client share: one connection on a Netty channel. */
@NullMarked
package io.muxio.netty;

import org.jspecify.annotations.NullMarked;
