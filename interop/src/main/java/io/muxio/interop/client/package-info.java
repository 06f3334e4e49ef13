/** What a client finds out about a server that offers the interop methods. */
@NullMarked
package io.muxio.interop.client;

import org.jspecify.annotations.NullMarked;
