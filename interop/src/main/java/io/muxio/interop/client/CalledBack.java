package io.muxio.interop.client;

import io.muxio.examples.calculator.Calculator;
import io.muxio.examples.calculator.LocalCalculator;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What the server calls back, and what it has called. */
final class CalledBack implements Calculator {
  private final Calculator calculator = new LocalCalculator();
  private final AtomicInteger additions = new AtomicInteger();
  private final ConcurrentMap<Double, CompletableFuture<Void>> squares = new ConcurrentHashMap<>();

  /** How many calls of {@code math.add} have come. */
  int additions() {
    return additions.get();
  }

  /** Done when the server has had a number multiplied by itself. */
  CompletableFuture<Void> square(double number) {
    return squares.computeIfAbsent(number, unknown -> new CompletableFuture<>());
  }

  @Override
  public double add(double[] numbers) {
    additions.incrementAndGet();
    return calculator.add(numbers);
  }

  @Override
  public CompletionStage<Double> multiply(double[] numbers) {
    if (numbers.length == 2 && numbers[0] == numbers[1]) {
      square(numbers[0]).complete(null);
    }
    return calculator.multiply(numbers);
  }

  @Override
  public ByteBuf echo(ByteBuf bytes) {
    return calculator.echo(bytes);
  }
}
