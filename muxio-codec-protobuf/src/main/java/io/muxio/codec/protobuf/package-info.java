/** Services whose values are Protobuf messages. */
@NullMarked
package io.muxio.codec.protobuf;

import org.jspecify.annotations.NullMarked;
