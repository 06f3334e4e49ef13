package io.muxio.benchmarks.codec;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;

/** The formats, by the libraries that are known for them. */
public enum FormatName {
  /** This project's. */
  BITCODE {
    @Override
    Format of(Shape shape) {
      return new BitcodeFormat(shape);
    }
  },
  /** JSON by Jackson. */
  JSON {
    @Override
    Format of(Shape shape) {
      return new JacksonFormat(new JsonMapper(), shape);
    }
  },
  /** CBOR by Jackson. */
  CBOR {
    @Override
    Format of(Shape shape) {
      return new JacksonFormat(new CBORMapper(), shape);
    }
  },
  /** Protobuf from and to generated messages, which are made before and looked at by nobody. */
  PROTOBUF {
    @Override
    Format of(Shape shape) {
      return new ProtobufFormat(shape);
    }
  },
  /** Protobuf from and to the records that the others have, by way of its messages. */
  PROTOBUF_RECORDS {
    @Override
    Format of(Shape shape) {
      return new ProtobufRecordsFormat(shape);
    }
  },
  /** Kryo with registered classes. */
  KRYO {
    @Override
    Format of(Shape shape) {
      return new KryoFormat(shape);
    }
  },
  /** Apache Fory with registered classes. */
  FORY {
    @Override
    Format of(Shape shape) {
      return new ForyFormat(shape);
    }
  };

  abstract Format of(Shape shape);
}
