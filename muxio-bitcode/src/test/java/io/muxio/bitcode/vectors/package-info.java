/**
 * Codecs for the types that lines of test vectors name, and the check of such lines; shared with
 * the interop peer.
 */
package io.muxio.bitcode.vectors;
