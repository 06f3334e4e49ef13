/** The bitcode 0.6 codec. Packages with records that are not public open to this module. */
module io.muxio.bitcode {
  requires static transitive org.jspecify;

  exports io.muxio.bitcode;
}
