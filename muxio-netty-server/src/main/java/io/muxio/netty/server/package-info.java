/** The server: binds, upgrades, serves. */
@NullMarked
package io.muxio.netty.server;

import org.jspecify.annotations.NullMarked;
