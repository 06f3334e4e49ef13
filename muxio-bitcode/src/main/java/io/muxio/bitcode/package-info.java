/** Values to bitcode 0.6 bytes and back. */
@NullMarked
package io.muxio.bitcode;

import org.jspecify.annotations.NullMarked;
