package io.muxio.examples.calculator;

import io.muxio.bitcode.Bitcode;
import io.muxio.bitcode.BitcodeCodec;
import io.muxio.bitcode.Structs;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import io.netty.buffer.ByteBuf;
import java.util.function.Function;

/** The methods of the service, as both ends know them. */
public final class Calculator {
  /** Adds numbers; 0 where there are none. */
  public static final RpcMethod<double[], Double> ADD = ofNumbers("math.add", "sum");

  /** Multiplies numbers; 1 where there are none. */
  public static final RpcMethod<double[], Double> MULT = ofNumbers("math.mult", "product");

  /** Gives the bytes back. */
  public static final RpcMethod<ByteBuf, ByteBuf> ECHO =
      RpcMethod.unary("echo", Codec.byteBuf(), Codec.byteBuf());

  private Calculator() {}

  /** A request {@code {numbers: Vec<f64>}} and an answer of one {@code f64}. */
  private static RpcMethod<double[], Double> ofNumbers(String name, String result) {
    return RpcMethod.unary(
        name,
        Codec.bitcode(structOf("numbers", Bitcode.f64Array())),
        Codec.bitcode(structOf(result, Bitcode.f64())));
  }

  private static <T> BitcodeCodec<T> structOf(String name, BitcodeCodec<T> field) {
    return Structs.struct(
        Function.<T>identity(), Structs.field(name, Function.<T>identity(), field));
  }
}
