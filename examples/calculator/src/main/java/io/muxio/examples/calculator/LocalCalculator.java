package io.muxio.examples.calculator;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.DoubleStream;

/** Does what the service says. */
public final class LocalCalculator implements Calculator {
  /** A calculator holds nothing. */
  public LocalCalculator() {}

  @Override
  public double add(double[] numbers) {
    return DoubleStream.of(numbers).sum();
  }

  @Override
  public CompletionStage<Double> multiply(double[] numbers) {
    return CompletableFuture.completedFuture(
        DoubleStream.of(numbers).reduce(1, (left, right) -> left * right));
  }

  @Override
  public ByteBuf echo(ByteBuf bytes) {
    return bytes;
  }
}
