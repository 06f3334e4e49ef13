/**
 * Values to bitcode 0.6 bytes and back: {@link io.muxio.bitcode.Bitcode#codec(Class)} derives a
 * codec from a record, {@link io.muxio.bitcode.Structs} and {@link io.muxio.bitcode.Enums} compose
 * one by hand.
 */
@NullMarked
package io.muxio.bitcode;

import org.jspecify.annotations.NullMarked;
