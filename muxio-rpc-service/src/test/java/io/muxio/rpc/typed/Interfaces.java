package io.muxio.rpc.typed;

import io.muxio.bitcode.FixedLength;
import io.muxio.bitcode.I8;
import io.muxio.bitcode.U16;
import io.muxio.bitcode.U32;
import io.muxio.bitcode.U8;
import io.muxio.rpc.service.ApplicationException;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.CodecFactory;
import io.muxio.rpc.service.RpcCodec;
import io.muxio.rpc.service.RpcName;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.lang.reflect.AnnotatedType;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** Interfaces that cannot be services, and some that can. */
public final class Interfaces {
  private Interfaces() {}

  /** All is well. */
  public interface Good {
    @RpcName("value")
    double value(double[] numbers);

    @RpcName("nothing")
    void nothing();

    @RpcName("stage")
    CompletionStage<List<String>> stage(int number, Named named, byte[] bytes);

    @RpcName("stage.of.nothing")
    CompletableFuture<Void> stageOfNothing(byte[] bytes);

    @RpcName("publisher")
    Flow.Publisher<ByteBuf> publisher();

    @RpcName("both")
    Flow.Publisher<String> both(int number, Flow.Publisher<Integer> numbers) throws Refused;

    @RpcName("overload")
    int overload(int number);

    @RpcName("overload.text")
    int overload(String text) throws RuntimeException;

    @RpcName("no.value")
    Void noValue();

    /** Which an interface may say again. */
    @Override
    String toString();
  }

  /** One side of a diamond. */
  public interface Left {
    @RpcName("same")
    List<@U8 Integer> same(int number);

    @RpcName("apart")
    @U8
    int apart();
  }

  /** The other side. */
  public interface Right {
    @RpcName("same")
    List<@U8 Integer> same(int number);
  }

  /** Has a method of both sides. */
  public interface Diamond extends Left, Right {}

  /** A side that answers in another form. */
  public interface Apart {
    @RpcName("apart")
    @U16
    int apart();
  }

  /** Two methods of one name that differ on the wire. */
  public interface NoDiamond extends Left, Apart {}

  /** A record. */
  public record Named(String name) {}

  /** An error. */
  public static final class Refused extends ApplicationException {
    public Refused(String message, String data) {
      super(message);
    }

    @Override
    public String data() {
      return "";
    }
  }

  /** An error that nobody can make. */
  public static final class Unmade extends ApplicationException {
    public Unmade() {
      super("");
    }

    @Override
    public Integer data() {
      return 1;
    }
  }

  /** An error of two classes of the same name. */
  public static final class Other {
    private Other() {}

    /** Of the same name. */
    public static final class Refused extends ApplicationException {
      public Refused(String message, String data) {
        super(message);
      }

      @Override
      public String data() {
        return "";
      }
    }
  }

  /** Everything is wrong. */
  public interface Bad {
    int withoutName();

    @RpcName("same")
    int one();

    @RpcName("same")
    int two();

    @RpcName("generic")
    <T> List<T> generic();

    @RpcName("type")
    int type(Object parameter);

    @RpcName("buffer")
    int buffer(int number, ByteBuf buffer);

    @RpcName("answer")
    CompletionStage<Thread> answer();

    @RpcName("length")
    int length(byte @FixedLength(4) [] bytes);

    @RpcName("form")
    @I8
    byte[] form();

    @RpcName("item.form")
    Flow.Publisher<@I8 byte[]> itemForm();

    @RpcName("misfit")
    int misfit(@U32 int number);

    @RpcName("raw")
    @SuppressWarnings("rawtypes")
    CompletionStage raw();

    @RpcName("publisher")
    int publisher(Flow.Publisher<String> first, int second);

    @RpcName("items")
    int items(Flow.Publisher<Thread> items);

    @RpcName("checked")
    int checked() throws IOException;

    @RpcName("unmade")
    int unmade() throws Unmade;

    @RpcName("names")
    int names() throws Refused, Other.Refused;

    @RpcName("default")
    default int local() {
      return 1;
    }

    @RpcName("codec")
    @RpcCodec(NoCodecs.class)
    int codec();
  }

  /** A factory that cannot be made. */
  public static final class NoCodecs implements CodecFactory {
    private NoCodecs() {}

    @Override
    public Codec<?> codec(AnnotatedType type) {
      throw new IllegalArgumentException("never");
    }
  }

  /** A factory for which everything is text. */
  public static final class Texts implements CodecFactory {
    @Override
    public Codec<?> codec(AnnotatedType type) {
      return Codec.utf8();
    }
  }

  /** Another one. */
  public static final class MoreTexts implements CodecFactory {
    @Override
    public Codec<?> codec(AnnotatedType type) {
      return Codec.utf8();
    }

    @Override
    public Codec<Object[]> parameters(List<AnnotatedType> types) {
      throw new IllegalArgumentException("more texts");
    }
  }

  /** Chooses its codecs. */
  @RpcCodec(Texts.class)
  public interface Chosen {
    @RpcName("text")
    String text(String text);

    @RpcName("bytes")
    byte[] bytes(byte[] bytes);
  }

  /** One codec for most, and one for a method. */
  @RpcCodec(Texts.class)
  public interface ChosenTwice {
    @RpcName("two")
    String two(String one, String two);

    @RpcName("other")
    @RpcCodec(MoreTexts.class)
    String other(String one, String two);
  }

  /** Has a type parameter. */
  public interface Generic<T> {
    @RpcName("generic")
    T generic();
  }

  /** Nobody can call it. */
  interface Hidden {
    @RpcName("hidden")
    int hidden();
  }
}
