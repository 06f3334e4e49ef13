package io.muxio.testkit.hunt;

import io.muxio.rpc.endpoint.CallContext;
import io.muxio.rpc.endpoint.ExecutionMode;
import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.endpoint.StreamContext;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.ChunkWriter;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.testkit.hunt.Step.Mode;
import io.muxio.testkit.hunt.StreamStep.Act;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Serves the calls of a program, at both ends. */
final class StepHandlers {
  private final Map<Integer, Step> steps;
  private final Progress progress;
  private final StepCaller caller;

  StepHandlers(Program program, Progress progress, StepCaller caller) {
    this.steps = program.all().stream().collect(Collectors.toMap(Step::id, Function.identity()));
    this.progress = progress;
    this.caller = caller;
  }

  RpcEndpoint endpoint() {
    return RpcEndpoint.builder()
        .handle(Methods.PAUSE, (request, call) -> request, ExecutionMode.EVENT_LOOP)
        .handleStreamAsync(Methods.BACK, (request, call) -> request)
        .handle(Methods.unary(Mode.BLOCKING), this::serve)
        .handleAsync(Methods.unary(Mode.ASYNC), this::serveLater)
        .handleAsync(Methods.unary(Mode.EVENT_LOOP), this::serveLater, ExecutionMode.EVENT_LOOP)
        .handleStream(Methods.stream(Mode.BLOCKING), this::serveStream)
        .handleStreamAsync(Methods.stream(Mode.ASYNC), this::sendBack)
        .handleStreamAsync(
            Methods.stream(Mode.EVENT_LOOP), this::sendBack, ExecutionMode.EVENT_LOOP)
        .build();
  }

  private Step begin(byte[] request) {
    Step step = Objects.requireNonNull(steps.get(Methods.stepOf(request)));
    progress.begun(handlerOf(step));
    progress.served(step.id()).complete(null);
    return step;
  }

  private static String handlerOf(Step step) {
    return "handler " + step.id();
  }

  private CompletableFuture<Void> call(Step step, CallContext call) {
    return caller.start(step, call.connection().caller(), call);
  }

  private byte[] serve(byte[] request, CallContext call) {
    UnaryStep step = (UnaryStep) begin(request);
    try {
      List<CompletableFuture<Void>> ends = new ArrayList<>();
      for (Step child : step.children()) {
        CompletableFuture<Void> end = call(child, call);
        if (!step.atOnce()) {
          end.join();
        }
        ends.add(end);
      }
      ends.forEach(CompletableFuture::join);
      return answer(step);
    } finally {
      progress.finished(handlerOf(step));
    }
  }

  private static byte[] answer(UnaryStep step) {
    if (step.fails()) {
      throw asTold();
    }
    return new byte[step.answerSize()];
  }

  private static RpcException asTold() {
    return new RpcException(RpcStatus.FAIL, "as the program says");
  }

  private CompletableFuture<byte[]> serveLater(byte[] request, CallContext call) {
    UnaryStep step = (UnaryStep) begin(request);
    CompletableFuture<Void> ends = CompletableFuture.completedFuture(null);
    for (Step child : step.children()) {
      ends =
          step.atOnce()
              ? CompletableFuture.allOf(ends, call(child, call))
              : ends.thenCompose(none -> call(child, call));
    }
    return ends.whenComplete((none, failure) -> progress.finished(handlerOf(step)))
        .thenApply(none -> answer(step));
  }

  /** The whole request, in every second call by way of the caller's own end. */
  private Flow.Publisher<ByteBuf> sendBack(ChunkReader request, StreamContext call) {
    Step step = begin(call.parameters());
    try {
      if (step.id() % 2 == 0) {
        return request;
      }
      StreamCall back =
          call.connection()
              .caller()
              .open(Methods.BACK, new byte[0], CallOptions.DEFAULT.within(call));
      back.request().writeAll(request);
      return back.response();
    } finally {
      progress.finished(handlerOf(step));
    }
  }

  private void serveStream(ChunkReader request, ChunkWriter response, StreamContext call)
      throws Exception {
    StreamStep step = (StreamStep) begin(call.parameters());
    try {
      for (Act act : step.acts()) {
        serve(act, request, response, call);
      }
    } finally {
      progress.finished(handlerOf(step));
    }
  }

  private void serve(Act act, ChunkReader request, ChunkWriter response, StreamContext call)
      throws Exception {
    switch (act.kind()) {
      case READ -> read(request, act.chunks());
      case READ_REST -> read(request, Integer.MAX_VALUE);
      case WRITE -> {
        for (int i = 0; i < act.chunks(); i++) {
          response.write(progress.chunk(act.size()));
        }
      }
      case ECHO_REST -> {
        for (ByteBuf chunk = request.read(); chunk != null; chunk = request.read()) {
          response.write(chunk);
        }
      }
      case CALL -> call(Objects.requireNonNull(act.call()), call).join();
      case CANCEL_REQUEST -> request.cancel();
      case STALL -> progress.quiet().join();
      case FAIL -> throw asTold();
    }
  }

  private static void read(ChunkReader request, int most) throws InterruptedException {
    for (int left = most; left > 0; left--) {
      ByteBuf chunk = request.read();
      if (chunk == null) {
        return;
      }
      chunk.release();
    }
  }
}
