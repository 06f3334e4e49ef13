/** The peer that other implementations test against. */
@NullMarked
package io.muxio.interop;

import org.jspecify.annotations.NullMarked;
