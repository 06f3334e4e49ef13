package io.muxio.codec.jackson;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.CodecException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.ByteBufOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Several values in an array, each of its own type. */
record JsonArrayCodec(ObjectMapper mapper, List<JsonForm> forms) implements Codec<Object[]> {
  @Override
  public ByteBuf encode(Object[] values, ByteBufAllocator allocator) {
    ByteBuf bytes = allocator.buffer();
    boolean done = false;
    try (OutputStream out = new ByteBufOutputStream(bytes);
        JsonGenerator json = mapper.createGenerator(out)) {
      json.writeStartArray();
      for (int index = 0; index < values.length; index++) {
        forms.get(index).writer().writeValue(json, values[index]);
      }
      json.writeEndArray();
      json.flush();
      done = true;
      return bytes;
    } catch (IOException e) {
      throw JsonForm.refused(e);
    } finally {
      if (!done) {
        bytes.release();
      }
    }
  }

  @Override
  public Object[] decode(ByteBuf bytes) {
    try (InputStream in = new ByteBufInputStream(bytes);
        JsonParser json = mapper.createParser(in)) {
      expect(JsonToken.START_ARRAY, json.nextToken());
      Object[] values = new Object[forms.size()];
      for (int index = 0; index < values.length; index++) {
        if (json.nextToken() == JsonToken.END_ARRAY) {
          throw new CodecException(
              "JSON: " + index + " parameters (expected: " + values.length + ")");
        }
        values[index] = read(forms.get(index), json, index);
      }
      expect(JsonToken.END_ARRAY, json.nextToken());
      expect(null, json.nextToken());
      return values;
    } catch (IOException e) {
      throw JsonForm.refused(e);
    }
  }

  private static Object read(JsonForm form, JsonParser json, int index) throws IOException {
    // What is behind the value is the array's.
    Object value =
        form.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).readValue(json);
    if (value == null) {
      throw new CodecException("JSON: parameter " + (index + 1) + " is null (expected: a value)");
    }
    return value;
  }

  private static void expect(@Nullable JsonToken expected, @Nullable JsonToken actual) {
    if (actual != expected) {
      throw new CodecException("JSON: " + nameOf(actual) + " (expected: " + nameOf(expected) + ")");
    }
  }

  private static String nameOf(@Nullable JsonToken token) {
    return token == null ? "the end" : token.name();
  }
}
