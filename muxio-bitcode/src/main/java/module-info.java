/** The bitcode 0.6 codec. */
module io.muxio.bitcode {
  requires static transitive org.jspecify;

  exports io.muxio.bitcode;
}
