/** A chat: several clients of one server, which pushes to them what the others say. */
@NullMarked
package io.muxio.examples.chat;

import org.jspecify.annotations.NullMarked;
