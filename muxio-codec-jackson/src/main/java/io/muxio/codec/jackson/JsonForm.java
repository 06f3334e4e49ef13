package io.muxio.codec.jackson;

import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.muxio.rpc.service.CodecException;
import java.io.IOException;

/** How values of one type are written and read. */
record JsonForm(ObjectWriter writer, ObjectReader reader) {
  static CodecException refused(IOException cause) {
    return new CodecException("JSON: " + cause.getMessage(), cause);
  }
}
