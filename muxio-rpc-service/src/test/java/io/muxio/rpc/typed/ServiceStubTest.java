package io.muxio.rpc.typed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.RpcCaller;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcName;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Stubs of a caller whose calls end as the test says. */
public class ServiceStubTest {
  /** Its methods wait. */
  public interface Waiting {
    @RpcName("bytes")
    ByteBuf bytes();

    @RpcName("nothing")
    void nothing();
  }

  /** A service for any type. */
  public interface Source<T> {
    @RpcName("next")
    T next();
  }

  /** Says again what it gives, as its own type. */
  public interface Texts extends Source<String> {
    @Override
    @RpcName("next")
    String next();
  }

  private record Scripted(CompletableFuture<?> answer) implements RpcCaller {
    @Override
    @SuppressWarnings("unchecked") // the test gives what the method answers
    public <Q, R> CompletableFuture<R> call(
        RpcMethod<Q, R> method, Q request, CallOptions options) {
      return (CompletableFuture<R>) answer;
    }

    @Override
    public StreamCall open(StreamMethod method, byte[] parameters, CallOptions options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean mayBlock() {
      return true;
    }
  }

  @AfterEach
  void clearInterrupt() {
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void noStubIsNull() {
    Waiting stub = new Scripted(new CompletableFuture<>()).service(Waiting.class);
    assertThat(stub.equals(null)).isFalse();
  }

  /** So that whoever waits for the answer can tell that the call may be made again. */
  @Test
  void aCallThatWasNotSentSaysSo() {
    RpcException refused =
        RpcException.notSent(RpcStatus.DISCONNECTED, "nothing", "the connection is closed", null);
    Waiting stub = new Scripted(CompletableFuture.failedFuture(refused)).service(Waiting.class);

    RpcException thrown = catchThrowableOfType(RpcException.class, stub::nothing);

    assertThat(thrown).hasMessage(refused.getMessage());
    assertThat(thrown.mayHaveReachedPeer()).isFalse();
  }

  /** The answer comes after the interrupt was noticed, and before the call can be cancelled. */
  @Test
  void anAnswerThatComesWithTheInterruptIsReleased() {
    ByteBuf answer = Unpooled.buffer().writeByte(1);
    CompletableFuture<ByteBuf> future =
        new CompletableFuture<>() {
          @Override
          public ByteBuf get() throws InterruptedException {
            complete(answer);
            throw new InterruptedException();
          }
        };
    Waiting stub = new Scripted(future).service(Waiting.class);

    assertThatThrownBy(stub::bytes)
        .isInstanceOf(RpcException.class)
        .extracting(failure -> ((RpcException) failure).status())
        .isEqualTo(RpcStatus.CANCELLED);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(answer.refCnt()).isZero();
  }

  /** The compiler adds a default method with the annotations of the narrower one. */
  @Test
  void aMethodMayBeDeclaredAgainWithANarrowerType() {
    Texts stub = new Scripted(CompletableFuture.completedFuture("text")).service(Texts.class);
    Source<String> source = stub;

    assertThat(stub.next()).isEqualTo("text");
    assertThat(source.next()).isEqualTo("text");
  }
}
