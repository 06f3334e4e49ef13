/** Services whose values are JSON. */
@NullMarked
package io.muxio.codec.jackson;

import org.jspecify.annotations.NullMarked;
