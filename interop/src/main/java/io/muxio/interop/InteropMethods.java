package io.muxio.interop;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.muxio.examples.calculator.Calculator;
import io.muxio.examples.calculator.LocalCalculator;
import io.muxio.netty.server.RpcServerBuilder;
import io.muxio.rpc.endpoint.CallContext;
import io.muxio.rpc.endpoint.ExecutionMode;
import io.muxio.rpc.endpoint.StreamContext;
import io.muxio.rpc.endpoint.UnaryHandler;
import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.ChunkWriter;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/** The methods that every interop server offers, of whatever language. */
final class InteropMethods {
  private static final int SLOW_MILLIS = 100;
  private static final int MAX_BURST_SIZE = 1 << 20;

  private InteropMethods() {}

  static RpcServerBuilder register(RpcServerBuilder server) {
    return server
        .exposeErrors(true)
        .service(Calculator.class, new LocalCalculator())
        .service(CallMe.class, numbers -> peer(Calculator.class).add(numbers))
        .service(
            CallMeInline.class,
            numbers -> peer(AddLater.class).add(numbers),
            ExecutionMode.EVENT_LOOP)
        .service(CallMeLater.class, InteropMethods::squareLater)
        .handleStreamAsync(StreamMethod.of("stream.echo"), (request, call) -> request)
        .handleStream(StreamMethod.of("stream.burst"), InteropMethods::burst)
        .handleStream(StreamMethod.of("stream.fail"), InteropMethods::failHalfWay)
        .handle(raw("slow"), (bytes, call) -> slowly(bytes))
        .handle(raw("stuck"), (bytes, call) -> never(call))
        .service(
            Failing.class,
            bytes -> {
              throw new Failing.Deliberate("deliberate failure", bytes.length);
            })
        .handle(raw("fail.system"), failing(RpcStatus.SYSTEM_ERROR, "structured system"))
        .handle(raw("fail.notfound"), failing(RpcStatus.NOT_FOUND, "structured notfound"))
        .handle(
            raw("boom"),
            (bytes, call) -> {
              throw new IllegalStateException("boom");
            })
        .handle(raw("size"), (bytes, call) -> u32(bytes.length))
        .handle(raw("zeros"), (bytes, call) -> new byte[count(bytes)]);
  }

  private static RpcMethod<byte[], byte[]> raw(String name) {
    return RpcMethod.unary(name, Codec.bytes(), Codec.bytes());
  }

  /** A service of whoever calls. */
  private static <T> T peer(Class<T> api) {
    return CallContext.current().connection().caller().service(api);
  }

  /** Calls back what has been answered by then, or soon will be. */
  private static void squareLater(double[] numbers) {
    AddLater adder = peer(AddLater.class);
    Calculator calculator = peer(Calculator.class);
    adder
        .add(numbers)
        .thenCompose(sum -> calculator.multiply(new double[] {sum, sum}))
        .whenComplete(
            (square, failure) -> {
              if (failure != null) {
                System.err.println("call_me.later: " + failure);
              }
            });
  }

  /** Gives the first chunk back, and fails when the second one has come. */
  private static void failHalfWay(ChunkReader request, ChunkWriter response, StreamContext call)
      throws InterruptedException {
    ByteBuf first = request.read();
    if (first != null) {
      response.write(first);
    }
    ByteBuf second = request.read();
    if (second != null) {
      second.release();
    }
    throw new RpcException(RpcStatus.SYSTEM_ERROR, "failed half-way");
  }

  /** So many chunks of one size, each beginning with its number. */
  private static void burst(ChunkReader request, ChunkWriter response, StreamContext call)
      throws InterruptedException {
    ByteBuffer argument = ByteBuffer.wrap(argumentOf(request, call)).order(LITTLE_ENDIAN);
    int count = argument.remaining() == 2 * Integer.BYTES ? argument.getInt() : -1;
    int size = count < 0 ? -1 : argument.getInt();
    if (size < Integer.BYTES || size > MAX_BURST_SIZE) {
      throw new RpcException(
          RpcStatus.FAIL, "argument: not a count and a size of 4 to " + MAX_BURST_SIZE);
    }
    for (int number = 0; number < count; number++) {
      response.write(Unpooled.buffer(size).writeIntLE(number).writeZero(size - Integer.BYTES));
    }
  }

  /** It came with the call or as its body. */
  private static byte[] argumentOf(ChunkReader request, StreamContext call)
      throws InterruptedException {
    byte[] argument = call.parameters();
    for (ByteBuf chunk = request.read(); chunk != null; chunk = request.read()) {
      int start = argument.length;
      argument = Arrays.copyOf(argument, start + chunk.readableBytes());
      chunk.readBytes(argument, start, chunk.readableBytes());
      chunk.release();
    }
    return argument;
  }

  private static byte[] slowly(byte[] bytes) throws InterruptedException {
    Thread.sleep(SLOW_MILLIS);
    return bytes;
  }

  /** Does not return while anyone waits for it. */
  private static byte[] never(CallContext call) throws InterruptedException {
    CountDownLatch abandoned = new CountDownLatch(1);
    call.onCancel(abandoned::countDown);
    abandoned.await();
    return new byte[0];
  }

  private static UnaryHandler<byte[], byte[]> failing(RpcStatus status, String message) {
    return (bytes, call) -> {
      throw new RpcException(status, message);
    };
  }

  private static byte[] u32(int value) {
    return ByteBuffer.allocate(Integer.BYTES).order(LITTLE_ENDIAN).putInt(value).array();
  }

  private static int count(byte[] argument) {
    int count =
        argument.length == Integer.BYTES
            ? ByteBuffer.wrap(argument).order(LITTLE_ENDIAN).getInt()
            : -1;
    if (count < 0) {
      throw new RpcException(RpcStatus.FAIL, "argument: not a u32 below 2^31");
    }
    return count;
  }
}
