package io.muxio.codec.jackson;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.CodecFactory;
import java.lang.reflect.AnnotatedType;
import java.util.List;
import java.util.Objects;

/**
 * Values as JSON in UTF-8, by Jackson; several parameters are an array of them in order.
 *
 * <pre>{@code
 * @RpcCodec(JacksonCodecFactory.class)
 * public interface Greeter {
 *   @RpcName("greet")
 *   Greeting greet(Person person);
 * }
 * }</pre>
 *
 * <p>A mapper of your own is set by a subclass:
 *
 * <pre>{@code
 * public final class Json extends JacksonCodecFactory {
 *   public Json() {
 *     super(JsonMapper.builder().addModule(new JavaTimeModule()).build());
 *   }
 * }
 * }</pre>
 *
 * <p>Immutable and thread-safe, as long as the mapper is not configured any more.
 */
public class JacksonCodecFactory implements CodecFactory {
  private final ObjectMapper mapper;

  /** A factory with Jackson's own settings. */
  public JacksonCodecFactory() {
    this(new ObjectMapper());
  }

  /**
   * A factory with settings of your own.
   *
   * @param mapper how values are JSON; bytes behind a value are refused whatever it says
   */
  public JacksonCodecFactory(ObjectMapper mapper) {
    this.mapper = Objects.requireNonNull(mapper, "mapper");
  }

  @Override
  public final Codec<Object> codec(AnnotatedType type) {
    return new JsonCodec(form(type));
  }

  @Override
  public final Codec<Object[]> parameters(List<AnnotatedType> types) {
    return new JsonArrayCodec(mapper, types.stream().map(this::form).toList());
  }

  private JsonForm form(AnnotatedType type) {
    JavaType javaType = mapper.constructType(type.getType());
    KnownTypes.check(mapper, javaType);
    return new JsonForm(
        mapper.writerFor(javaType),
        mapper.readerFor(javaType).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS));
  }
}
