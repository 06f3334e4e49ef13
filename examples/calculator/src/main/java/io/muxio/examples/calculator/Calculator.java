package io.muxio.examples.calculator;

import io.muxio.rpc.service.RpcName;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletionStage;

/** The service, as both ends know it. */
public interface Calculator {
  /**
   * Adds numbers.
   *
   * @param numbers what to add
   * @return the sum; 0 where there are none
   */
  @RpcName("math.add")
  double add(double[] numbers);

  /**
   * Multiplies numbers.
   *
   * @param numbers what to multiply
   * @return completes with the product; 1 where there are none
   */
  @RpcName("math.mult")
  CompletionStage<Double> multiply(double[] numbers);

  /**
   * Gives bytes back.
   *
   * @param bytes taken over
   * @return the same bytes, owned by whoever called
   */
  @RpcName("echo")
  ByteBuf echo(ByteBuf bytes);
}
