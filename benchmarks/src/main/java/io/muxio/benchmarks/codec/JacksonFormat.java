package io.muxio.benchmarks.codec;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.util.List;

/** What Jackson writes. */
final class JacksonFormat extends Format {
  private final ObjectReader reader;
  private final ObjectWriter writer;
  private final Object value;

  JacksonFormat(ObjectMapper mapper, Shape shape) {
    value = valueOf(shape);
    TypeReference<?> type =
        switch (shape) {
          case RECORD -> new TypeReference<Reading>() {};
          case DOUBLES -> new TypeReference<double[]>() {};
          case LIST -> new TypeReference<List<Item>>() {};
        };
    reader = mapper.readerFor(type);
    writer = mapper.writerFor(type);
  }

  @Override
  byte[] encode() throws Exception {
    return writer.writeValueAsBytes(value);
  }

  @Override
  Object decode(byte[] bytes) throws Exception {
    return reader.readValue(bytes);
  }
}
